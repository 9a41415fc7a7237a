import type { Enrolment } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { ProblemNotice } from "@/components/problem-notice";
import { useEnrol, useRecoveryCodes } from "../api/two-factor";
import classes from "./account.module.css";
import { CodeField } from "./code-field";
import { RecoveryCodes } from "./recovery-codes";

/** Begin, scan, enter a first code, keep the recovery codes. */
export function TwoFactorSetup({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("account");
  const enrol = useEnrol();
  const confirm = useRecoveryCodes("confirm");
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onDone={onDone} />;
  if (enrol.data) return <ScanStep enrolment={enrol.data} confirm={confirm} onCancel={onDone} />;
  return (
    <div className={classes.form}>
      <p className={classes.fact}>{t("twoFactor.intro")}</p>
      <ProblemNotice error={enrol.error} />
      <Button variant="filled" loading={enrol.isPending} onClick={() => enrol.mutate()}>
        {t("twoFactor.begin")}
      </Button>
    </div>
  );
}

interface ScanStepProps {
  enrolment: Enrolment;
  confirm: ReturnType<typeof useRecoveryCodes>;
  onCancel: () => void;
}

function ScanStep({ enrolment, confirm, onCancel }: ScanStepProps) {
  const { t } = useTranslation("account");
  const [code, setCode] = useState("");
  const picture = `data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`;
  return (
    <DialogForm
      submitLabel={t("twoFactor.confirm")}
      onSubmit={() => confirm.mutate(code)}
      onCancel={onCancel}
      pending={confirm.isPending}
      error={confirm.error}
      disabled={code.length < 6}
    >
      <p className={classes.fact}>{t("twoFactor.scan")}</p>
      <div className={classes.qr}>
        <img src={picture} alt={t("twoFactor.qr")} />
      </div>
      <p className={classes.fact}>
        {t("twoFactor.type")} <span className={classes.secret}>{enrolment.secret}</span>
      </p>
      <CodeField value={code} onType={setCode} />
    </DialogForm>
  );
}
