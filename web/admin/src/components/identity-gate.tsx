import { answer, Problem } from "@arv/api-client";
import { PasswordInput } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/lib/api";
import { Dialog } from "./dialog";
import { DialogForm } from "./dialog-form";

type Gate = <T>(action: () => Promise<T>) => Promise<T>;

interface Waiting {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

const GateContext = createContext<Gate>((action) => action());

/**
 * Runs an action; where the server wants the password once more, asks for it and runs the action again.
 * Who closes the dialog gets the server's refusal.
 */
export const useIdentityGate = () => useContext(GateContext);

/** Makes `useIdentityGate` work below it. */
export function IdentityGate({ children }: { children: ReactNode }) {
  const waiting = useRef<Waiting | null>(null);
  const [asking, setAsking] = useState(false);
  const gate = useCallback<Gate>(async (action) => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Problem && error.code === "confirmation_required")) throw error;
      await new Promise<void>((resolve, reject) => {
        waiting.current = { resolve, reject: () => reject(error) };
        setAsking(true);
      });
      return action();
    }
  }, []);
  const settle = (how: "resolve" | "reject") => {
    setAsking(false);
    waiting.current?.[how](undefined);
    waiting.current = null;
  };
  return (
    <GateContext.Provider value={gate}>
      {children}
      <PasswordDialog
        opened={asking}
        onConfirmed={() => settle("resolve")}
        onCancel={() => settle("reject")}
      />
    </GateContext.Provider>
  );
}

interface PasswordDialogProps {
  opened: boolean;
  onConfirmed: () => void;
  onCancel: () => void;
}

function PasswordDialog({ opened, onConfirmed, onCancel }: PasswordDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onCancel} title={t("auth.again.title")}>
      <PasswordForm onConfirmed={onConfirmed} onCancel={onCancel} />
    </Dialog>
  );
}

function PasswordForm({ onConfirmed, onCancel }: Omit<PasswordDialogProps, "opened">) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async () => {
    setPending(true);
    try {
      await answer(api.POST("/api/v1/auth/confirm", { body: { password } }));
      onConfirmed();
    } catch (reason) {
      setError(reason);
    } finally {
      setPending(false);
    }
  };
  return (
    <DialogForm
      submitLabel={t("auth.again.go")}
      onSubmit={() => void submit()}
      onCancel={onCancel}
      pending={pending}
      error={error}
      disabled={password === ""}
    >
      <PasswordInput
        label={t("auth.password")}
        description={t("auth.again.words")}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword"), tabIndex: 0 }}
        data-autofocus
      />
    </DialogForm>
  );
}
