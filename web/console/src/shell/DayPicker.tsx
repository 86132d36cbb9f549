import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'

interface Props {
  id: string
  'aria-describedby': string
  status?: 'error'
  className: string
  value: string // a day, 2026-12-01, or ''
  first: string // days before it cannot be chosen
  disabled: boolean
  onChange: (day: string) => void
}

/** A day of the calendar. */
export default function DayPicker({ value, first, onChange, ...props }: Props) {
  return (
    <DatePicker
      {...props}
      value={value ? dayjs(value) : null}
      disabledDate={(d) => d.format('YYYY-MM-DD') < first}
      onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : '')}
    />
  )
}
