import type { OperatedCompany } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { useToast } from "@/components/use-toast";
import { formatDate } from "@/lib/format";
import { useEraseCompany, useRestoreCompany } from "../api/companies";

/** Companies that were deleted and are not erased yet. */
export function DeletedList({ companies }: { companies: OperatedCompany[] }) {
  const { t } = useTranslation("operator");
  return (
    <RowList label={t("deleted.title")}>
      {companies.map((one) => (
        <DeletedRow key={one.company.id} operated={one} />
      ))}
    </RowList>
  );
}

function DeletedRow({ operated }: { operated: OperatedCompany }) {
  const { t, i18n } = useTranslation("operator");
  const { company, deleted_at } = operated;
  const toast = useToast();
  const [erasing, setErasing] = useState(false);
  const close = () => setErasing(false);
  const restore = useRestoreCompany(company.id, () =>
    toast(t("deleted.restored", { name: company.name })),
  );
  return (
    <Row
      wraps
      title={company.name}
      detail={
        <>
          {company.slug}
          {deleted_at && ` · ${t("deleted.on", { date: formatDate(deleted_at, i18n.language) })}`}
          <ProblemNotice error={restore.error} />
        </>
      }
    >
      <Button size="sm" loading={restore.isPending} onClick={() => restore.mutate()}>
        {t("deleted.restore")}
      </Button>
      <Button size="sm" variant="danger" onClick={() => setErasing(true)}>
        {t("deleted.erase")}
      </Button>
      <Dialog
        opened={erasing}
        onClose={close}
        title={t("deleted.eraseTitle", { name: company.name })}
      >
        <EraseForm companyId={company.id} name={company.name} onDone={close} />
      </Dialog>
    </Row>
  );
}

interface EraseFormProps {
  companyId: string;
  name: string;
  onDone: () => void;
}

function EraseForm({ companyId, name, onDone }: EraseFormProps) {
  const { t } = useTranslation("operator");
  const [typed, setTyped] = useState("");
  const erase = useEraseCompany(companyId, onDone);
  return (
    <DialogForm
      submitLabel={t("deleted.erase")}
      onSubmit={() => erase.mutate(typed.trim())}
      onCancel={onDone}
      pending={erase.isPending}
      error={erase.error}
      disabled={typed.trim() !== name}
      danger
    >
      <p>{t("deleted.eraseWords")}</p>
      <TextInput
        label={t("deleted.typeName", { name })}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-autofocus
      />
    </DialogForm>
  );
}
