import type { ReactNode } from 'react'
import '../style/table.css'

export interface Column<Row> {
  title: ReactNode
  /** What the title means, where a word does not say it all. */
  hint?: string
  /** In pixels; without it, as wide as what stands in it. */
  width?: number
  /** Numbers stand to the right, so that they can be compared. */
  align?: 'right'
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string
  /** Opens a row that is clicked. A link in the row does the same for the keyboard. */
  onOpen?: (row: Row) => void
  /** What is said in place of rows. */
  empty?: ReactNode
}

/** A table whose heads and first column stay while the rest scrolls beneath them. */
export function Table<Row>({ label, columns, rows, keyOf, onOpen, empty }: Props<Row>) {
  return (
    <div className="table" role="region" aria-label={label} tabIndex={0}>
      <table className={onOpen && 'table-opens'}>
        <thead>
          <tr>
            {columns.map((c, i) => (
              <th key={i} scope="col" className={c.align} style={{ minWidth: c.width }} title={c.hint}>
                {c.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} data-row-key={keyOf(row)} onClick={onOpen && (() => onOpen(row))}>
              {columns.map((c, i) => (
                <td key={i} className={c.align}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </div>
  )
}
