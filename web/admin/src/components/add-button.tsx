import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Dialog } from "./dialog";

interface AddButtonProps {
  label: string;
  testId?: string;
  /** The inside of the dialog; `close` is for its end. */
  children: (close: () => void) => ReactNode;
}

/** The button that adds something, and the dialog it opens under the same words. */
export function AddButton({ label, testId, children }: AddButtonProps) {
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  return (
    <>
      <Button
        variant="filled"
        leftSection={<IconPlus size={18} stroke={2} aria-hidden />}
        onClick={() => setOpened(true)}
        data-testid={testId}
      >
        {label}
      </Button>
      <Dialog opened={opened} onClose={close} title={label}>
        {children(close)}
      </Dialog>
    </>
  );
}
