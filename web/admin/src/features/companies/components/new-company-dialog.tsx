import type { Company } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useCreateCompany } from "../api/create-company";

interface NewCompanyDialogProps {
  opened: boolean;
  onClose: () => void;
  onCreated: (company: Company) => void;
}

export function NewCompanyDialog({ opened, onClose, onCreated }: NewCompanyDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const create = useCreateCompany((company) => {
    setName("");
    onCreated(company);
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("company.new")}>
      <DialogForm
        submitLabel={t("company.create")}
        onSubmit={() => create.mutate(name.trim())}
        onCancel={onClose}
        pending={create.isPending}
        error={create.error}
        disabled={name.trim() === ""}
      >
        <TextInput
          label={t("company.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          data-autofocus
        />
      </DialogForm>
    </Dialog>
  );
}
