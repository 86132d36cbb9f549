/** A caller's number as people write it. Numbers come as they are filed: +8613800138000, 4008001234, 95588, 1001, anonymous. */
export function written(number: string): string {
  const mobile = /^\+86(1[3-9]\d)(\d{4})(\d{4})$/.exec(number)
  if (mobile) return mobile.slice(1).join(' ')
  const service = /^([48]00)(\d{3})(\d{4})$/.exec(number)
  if (service) return service.slice(1).join('-')
  // Area codes have three digits where they begin with 10 or 2, else four; numbers are shown with the 0 of the trunk.
  const fixed = /^\+86(10|2\d)(\d{4})(\d{4})$/.exec(number) ?? /^\+86([3-9]\d\d)(\d{3,4})(\d{4})$/.exec(number)
  if (fixed) return `0${fixed[1]}-${fixed[2]} ${fixed[3]}`
  return number
}
