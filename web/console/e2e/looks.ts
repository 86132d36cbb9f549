import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** The screens that people have: a telephone's, an office's, a 27-inch one. */
export const screens = [
  { width: 390, height: 844 },
  { width: 1366, height: 768 },
  { width: 2560, height: 1440 },
]

/** Nothing of a page is to be scrolled sideways to, neither by the window nor by its parts; on a telephone, tables alone may be. */
export async function expectToFit(page: Page, where: string) {
  const size = page.viewportSize()
  const wide = await page.evaluate(() => {
    const scrolls = (e: Element) => e.scrollWidth > e.clientWidth && /auto|scroll/.test(getComputedStyle(e).overflowX)
    const parts = [...document.querySelectorAll('main, main *')].filter((e) => scrolls(e) && !(window.innerWidth < 1000 && e.closest('.table')))
    if (document.documentElement.scrollWidth > window.innerWidth) parts.unshift(document.documentElement)
    return parts.map((e) => `${e.tagName} ${e.className}: ${e.scrollWidth} in ${e.clientWidth}`)
  })
  expect(wide, `${where} at ${size?.width}×${size?.height}`).toEqual([])
}

/** As expectToFit, on each of the screens; the page has its own again afterwards. */
export async function expectToFitAnyScreen(page: Page, where: string) {
  const before = page.viewportSize()
  for (const screen of screens) {
    await page.setViewportSize(screen)
    await expectToFit(page, where)
  }
  if (before) await page.setViewportSize(before)
}

/** A page as it stands can be read, and fits. */
export async function expectToLookRight(page: Page, where: string) {
  await expectToBeReadable(page, where)
  await expectToFitAnyScreen(page, where)
}

/** Every text that is to be seen stands out from what is behind it as WCAG 2.2 asks for at level AA (success criterion 1.4.3), and
 *  what is switched off no less. */
export async function expectToBeReadable(page: Page, where: string) {
  const found = await page.evaluate(measure)
  expect(found.texts, where).toBeGreaterThan(2)
  expect(found.faint, where).toEqual([])
}

/** Runs in the page: the contrast of each text with its background, as they are drawn. */
function measure() {
  type Color = [number, number, number, number] // sRGB and alpha, all 0 to 1
  const transparent: Color = [0, 0, 0, 0]

  const parse = (text: string): Color => {
    const n = /^rgba?\(([^)]+)\)$/.exec(text)?.[1]?.split(/[\s,/]+/).map(Number)
    if (!n || n.some(Number.isNaN)) throw new Error(`no color that is known here: ${text}`)
    return [(n[0] ?? 0) / 255, (n[1] ?? 0) / 255, (n[2] ?? 0) / 255, n[3] ?? 1]
  }
  const over = (top: Color, under: Color): Color => {
    const alpha = top[3] + under[3] * (1 - top[3])
    const part = (i: 0 | 1 | 2) => (alpha === 0 ? 0 : (top[i] * top[3] + under[i] * under[3] * (1 - top[3])) / alpha)
    return [part(0), part(1), part(2), alpha]
  }
  const fade = (c: Color, opacity: number): Color => [c[0], c[1], c[2], c[3] * opacity]
  const luminance = (c: Color) => {
    const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
  }
  const contrast = (a: Color, b: Color) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
    return (light + 0.05) / (dark + 0.05)
  }
  /** What an element fills itself with: one color, or those that run into each other. */
  const fillings = (style: CSSStyleDeclaration): Color[] => {
    const colors = style.backgroundImage.match(/rgba?\([^)]+\)/g)?.map(parse) ?? []
    return colors.length > 0 ? colors : [parse(style.backgroundColor)]
  }
  /** Text and background as they look before what is behind the outermost element; one pair for each filling there is. */
  const paint = (chain: Element[], ink: Color): { text: Color; ground: Color }[] => {
    const [outer, ...inner] = chain
    if (!outer) return [{ text: ink, ground: transparent }]
    const style = getComputedStyle(outer)
    const opacity = Number(style.opacity)
    return paint(inner, ink).flatMap(({ text, ground }) =>
      fillings(style).map((filling) => ({ text: fade(over(text, filling), opacity), ground: fade(over(ground, filling), opacity) })),
    )
  }

  const faint: string[] = []
  let texts = 0
  const check = (element: Element, ink: Color, style: CSSStyleDeclaration, text: string) => {
    const chain: Element[] = []
    for (let e: Element | null = element; e; e = e.parentElement) chain.unshift(e)
    const paper: Color = [1, 1, 1, 1]
    const pairs = paint(chain, ink).map((p) => contrast(over(p.text, paper), over(p.ground, paper)))
    const worst = Math.min(...pairs)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    texts++
    if (worst < (isLarge ? 3 : 4.5)) faint.push(`${worst.toFixed(2)} ${element.tagName}.${element.className}: ${text}`)
  }
  const isSeen = (e: Element) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getClientRects().length > 0

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const element = node.parentElement
    if (!text || !element || !isSeen(element)) continue
    const style = getComputedStyle(element)
    check(element, parse(style.color), style, text)
  }
  for (const field of document.querySelectorAll('input, textarea, select')) {
    const style = getComputedStyle(field)
    if (!isSeen(field)) continue
    if (field instanceof HTMLSelectElement) check(field, parse(style.color), style, field.selectedOptions[0]?.text ?? '')
    else if (field.matches('[type=radio], [type=checkbox]')) continue
    else {
      const { value, placeholder } = field as HTMLInputElement
      const hint = getComputedStyle(field, '::placeholder')
      if (value) check(field, parse(style.color), style, value)
      else if (placeholder) check(field, fade(parse(hint.color), Number(hint.opacity)), style, placeholder)
    }
  }
  return { texts, faint }
}
