/** The name, with three rings before it. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="3" aria-hidden="true">
        <circle cx="16" cy="16" r="3" fill="currentColor" stroke="none" />
        <circle cx="16" cy="16" r="8" />
        <circle cx="16" cy="16" r="13.5" strokeWidth="2.5" opacity=".55" />
      </svg>
      Threering
    </span>
  )
}
