"""A page seen by somebody without a mouse: where Tab goes, and what it never reaches."""

from playwright.sync_api import Page

from tests.e2e.browser import wait_until

# Marks what a hand could use and lists what Tab should reach. Of a group that arrow keys walk (tabs, radio
# buttons, the items of a toolbar) one member is enough; what only repeats a neighbour says so by tabindex -1
# and being hidden from assistive technology.
_MARK = """root => {
  const scope = root ? document.querySelector(root) : document.body;
  const seen = [];
  const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], '
    + '[role=link], [role=tab], [role=switch], [role=checkbox], [role=radio], [role=slider], [role=combobox]';
  for (const element of scope.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    const clickable = style.cursor === 'pointer' && !element.closest('label')
      && element.parentElement && getComputedStyle(element.parentElement).cursor !== 'pointer'
      && !element.querySelector(usable) && !element.closest(usable);
    if (!element.matches(usable) && !clickable) continue;
    const box = element.getBoundingClientRect();
    const hidden = style.visibility === 'hidden' || style.display === 'none' || !box.width || !box.height
      || element.closest('[aria-hidden=true], [inert]');
    const off = element.disabled || element.getAttribute('aria-disabled') === 'true'
      || element.hasAttribute('data-disabled') || element.closest('fieldset:disabled');
    if (hidden || off) continue;
    element.dataset.kb = String(seen.length);
    const walked = element.closest(
      '[role=tablist], [role=radiogroup], [role=menu], [role=toolbar], [role=listbox]');
    if (walked && !walked.dataset.kbGroup) walked.dataset.kbGroup = `g${seen.length}`;
    const group = walked ? walked.dataset.kbGroup
      : element.type === 'radio' ? `radio:${element.name}` : null;
    const words = (element.getAttribute('aria-label') || element.innerText || element.title
      || element.id || element.outerHTML).trim().slice(0, 80);
    seen.push({ number: seen.length, group, words: `<${element.localName}> ${words}` });
  }
  document.activeElement?.blur();
  return seen;
}"""

_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const after = getComputedStyle(element, '::after');
  const ring = (after.content !== 'none' && after.outlineStyle !== 'none')
    || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none';
  // Some controls draw the ring on the part people see: a track, a frame around the field.
  const around = [element.nextElementSibling, element.parentElement, element.parentElement?.parentElement]
    .filter(Boolean).some(near => {
      const nearStyle = getComputedStyle(near);
      return (nearStyle.outlineStyle !== 'none' && parseFloat(nearStyle.outlineWidth) > 0)
        || nearStyle.boxShadow !== 'none';
    });
  const field = element.matches('input, textarea, select');
  return {
    number: element.dataset.kb ?? null,
    shown: ring || around || field,
    words: (element.getAttribute('aria-label') || element.innerText || element.id || '').slice(0, 80),
  };
}"""


def unreachable(page: Page, root: str | None = None, *, most: int = 200) -> list[str]:
    """What Tab never gets to, or gets to without a sign, on the page or below `root`; empty is good."""
    wanted = page.evaluate(_MARK, root)
    visited: list[int] = []
    flaws = []
    first = None
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            if visited:
                break
            continue
        if not focused["shown"]:
            flaws.append(f"{page.url}: focus on “{focused['words']}” can not be seen")
        number = None if focused["number"] is None else int(focused["number"])
        # Around once; a field of several parts (a date) keeps the focus for several steps.
        if number is not None and number == first and visited[-1] != first:
            break
        if number is not None:
            first = number if first is None else first
            visited.append(number)
    groups = {each["group"] for each in wanted if each["number"] in visited and each["group"]}
    flaws += [
        f"{page.url}: no way by keyboard to {each['words']}"
        for each in wanted
        if each["number"] not in visited and each["group"] not in groups
    ]
    return flaws


def menu_flaws(page: Page) -> list[str]:
    """Every menu opens with Enter, arrows reach all its items, Escape closes it and focus is back."""
    flaws = []
    menus = page.locator("button[aria-haspopup=menu]:visible")
    for number in range(menus.count()):
        button = menus.nth(number)
        name = button.get_attribute("aria-label") or button.inner_text()
        button.focus()
        page.keyboard.press("Enter")
        items = page.get_by_role("menuitem")
        wait_until(page, "() => document.activeElement?.closest('[role=menu]') !== null", seconds=5)
        expected = items.count()
        seen = {_item(page)}
        for _ in range(expected):
            page.keyboard.press("ArrowDown")
            page.wait_for_timeout(30)
            seen.add(_item(page))
        if len(seen - {None}) < expected:
            flaws.append(
                f"{page.url}: menu “{name}”: arrows reach {len(seen - {None})} of {expected}"
            )
        page.keyboard.press("Escape")
        wait_until(page, "() => document.querySelector('[role=menu]') === null", seconds=5)
        if not button.evaluate("button => button === document.activeElement"):
            flaws.append(f"{page.url}: menu “{name}” does not give the focus back")
    return flaws


def dialog_flaws(page: Page, opener: str) -> list[str]:
    """The dialog of a button, or of its menu's last item, opens with Enter and keeps Tab inside.

    All of it is reached, and Escape closes it and gives the focus back.
    """
    button = page.get_by_role("button", name=opener, exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    if button.get_attribute("aria-haspopup") == "menu":
        wait_until(page, "() => document.activeElement?.closest('[role=menu]') !== null", seconds=5)
        page.keyboard.press("ArrowUp")  # from the first place round to the last item
        page.keyboard.press("Enter")
    wait_until(page, "() => document.activeElement?.closest('[role=dialog]') !== null", seconds=5)
    page.wait_for_timeout(300)  # until it has unfolded
    flaws = unreachable(page, "[role=dialog]", most=40)
    if not page.evaluate("() => document.activeElement.closest('[role=dialog]') !== null"):
        flaws.append(f"{page.url}: Tab leaves the dialog of “{opener}”")
    page.keyboard.press("Escape")
    wait_until(page, "() => document.querySelector('[role=dialog]') === null", seconds=5)
    page.wait_for_timeout(300)
    if not button.evaluate("button => button === document.activeElement"):
        flaws.append(f"{page.url}: the dialog of “{opener}” does not give the focus back")
    return flaws


def _item(page: Page) -> str | None:
    """The menu item that has the focus."""
    found: str | None = page.evaluate(
        "() => document.activeElement?.matches('[role=menuitem], [role=menuitemradio]')"
        " ? document.activeElement.innerText || document.activeElement.ariaLabel : null"
    )
    return found
