import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";

const Modal = lazy(() => import("./dialog-modal"));

/** A dialog whose code is fetched when the first one opens: most visits open none. */
export function Dialog(props: ModalProps) {
  const [wanted, setWanted] = useState(props.opened);
  useFocusBack(props.opened);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  );
}

/**
 * Gives the focus back to what opened the dialog. Mantine does so only for a modal that was there before it
 * opened, and the first one of a visit is not.
 */
function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return;
    const opener = openerOf(document.activeElement);
    return () => {
      const atClose = document.activeElement;
      window.setTimeout(() => {
        const now = document.activeElement;
        if (now === document.body || now === atClose) opener?.focus({ preventScroll: true });
      }, 20);
    };
  }, [opened]);
}

/** The element itself, or for an item of a menu, which is gone by then, the menu's button. */
function openerOf(element: Element | null): HTMLElement | null {
  const button = element?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const found = button ? document.getElementById(button) : element;
  return found instanceof HTMLElement ? found : null;
}
