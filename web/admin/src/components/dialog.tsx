import type { ModalProps } from "@mantine/core";
import { lazy, Suspense, useState } from "react";

const Modal = lazy(() => import("./dialog-modal"));

/** A dialog whose code is fetched when the first one opens: most visits open none. */
export function Dialog(props: ModalProps) {
  const [wanted, setWanted] = useState(props.opened);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <Modal {...props} />
    </Suspense>
  );
}
