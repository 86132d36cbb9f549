/** The nonce with which the page's policy lets styles in that scripts make. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce

// Parts of Ant Design measure scroll bars and lock scrolling with styles that they forget to give the nonce to. Every style
// that a script makes gets it here; markup that somebody smuggles in does not.
const make = document.createElement.bind(document)
document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
  const element = make(name, options)
  if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce
  return element
}
