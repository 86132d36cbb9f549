import { type ReactNode, useId } from 'react'

interface Props {
  label: string
  wrong?: string | false
  refused?: string
  children: (props: { id: string; 'aria-describedby': string; status?: 'error' }) => ReactNode
}

/** A control with its label, and beside it what is wrong with what stands in it. */
export function Field({ label, wrong, refused, children }: Props) {
  const id = useId()
  const told = wrong || refused
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="wrong field-wrong" id={id + 'wrong'} role="alert">
        {told}
      </span>
      {children({ id, 'aria-describedby': id + 'wrong', status: told ? 'error' : undefined })}
    </div>
  )
}
