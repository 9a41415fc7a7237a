import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { LoadProblem } from "@/components/load-problem";
import { twoFactorQuery, useDisableTwoFactor, useRecoveryCodes } from "../api/two-factor";
import classes from "./account.module.css";
import { CodeField } from "./code-field";
import { RecoveryCodes } from "./recovery-codes";
import { TwoFactorSetup } from "./two-factor-setup";

type Open = "set-up" | "renew" | "disable" | null;

/** Codes at sign-in: whether they are on, and everything that can be done about them. */
export function TwoFactorPanel({ required }: { required: boolean }) {
  const { t } = useTranslation("account");
  const query = useQuery(twoFactorQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const isOn = Boolean(query.data?.enabled_at);
  return (
    <>
      <LoadProblem query={query} />
      {query.data && (
        <p className={classes.fact}>
          {isOn
            ? t("twoFactor.on", { count: query.data.recovery_codes_left })
            : t(required ? "twoFactor.required" : "twoFactor.off")}
        </p>
      )}
      <div className={classes.buttons}>
        {query.data && !isOn && (
          <Button variant="filled" onClick={() => setOpen("set-up")}>
            {t("twoFactor.setUp")}
          </Button>
        )}
        {isOn && <Button onClick={() => setOpen("renew")}>{t("twoFactor.renew")}</Button>}
        {isOn && !required && (
          <Button onClick={() => setOpen("disable")}>{t("twoFactor.disable")}</Button>
        )}
      </div>
      <Dialog opened={open === "set-up"} onClose={close} title={t("twoFactor.setUp")}>
        <TwoFactorSetup onDone={close} />
      </Dialog>
      <Dialog opened={open === "renew"} onClose={close} title={t("twoFactor.renew")}>
        <RenewForm onDone={close} />
      </Dialog>
      <Dialog opened={open === "disable"} onClose={close} title={t("twoFactor.disable")}>
        <DisableForm onDone={close} />
      </Dialog>
    </>
  );
}

function RenewForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("account");
  const [code, setCode] = useState("");
  const renew = useRecoveryCodes("recovery-codes");
  if (renew.data) return <RecoveryCodes codes={renew.data.recovery_codes} onDone={onDone} />;
  return (
    <DialogForm
      submitLabel={t("twoFactor.renew")}
      onSubmit={() => renew.mutate(code)}
      onCancel={onDone}
      pending={renew.isPending}
      error={renew.error}
      disabled={code.length < 6}
    >
      <CodeField value={code} onType={setCode} />
    </DialogForm>
  );
}

function DisableForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(["account", "common"]);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const disable = useDisableTwoFactor(onDone);
  return (
    <DialogForm
      submitLabel={t("twoFactor.disable")}
      onSubmit={() => disable.mutate({ password, code: code.trim() })}
      onCancel={onDone}
      pending={disable.isPending}
      error={disable.error}
      disabled={password === "" || code.trim().length < 6}
      danger
    >
      <PasswordInput
        label={t("common:auth.password")}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("common:auth.showPassword"), tabIndex: 0 }}
        data-autofocus
      />
      <TextInput
        label={t("twoFactor.codeOrRecovery")}
        autoComplete="one-time-code"
        maxLength={40}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
