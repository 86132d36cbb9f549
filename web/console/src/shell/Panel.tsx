import type { ReactNode } from 'react'

interface Props {
  title: ReactNode
  extra?: ReactNode
  className?: string
  children: ReactNode
}

/** A part of a page, with its heading. */
export function Panel({ title, extra, className = '', children }: Props) {
  return (
    <section className={`panel ${className}`}>
      <header>
        <h2>{title}</h2>
        {extra}
      </header>
      {children}
    </section>
  )
}
