import { answer, type Company } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";

interface DeleteCompanyProps {
  company: Company;
  onDeleted: () => void;
}

/** The button that ends a company, behind its name typed out. */
export function DeleteCompany({ company, onDeleted }: DeleteCompanyProps) {
  const { t } = useTranslation("settings");
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  return (
    <>
      <div>
        <Button variant="danger" onClick={() => setOpened(true)}>
          {t("data.delete")}
        </Button>
      </div>
      <Dialog opened={opened} onClose={close} title={t("data.deleteTitle", { name: company.name })}>
        <DeleteForm company={company} onDeleted={onDeleted} onCancel={close} />
      </Dialog>
    </>
  );
}

function DeleteForm(props: DeleteCompanyProps & { onCancel: () => void }) {
  const { company, onDeleted, onCancel } = props;
  const { t } = useTranslation("settings");
  const [typed, setTyped] = useState("");
  const gate = useIdentityGate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      gate(() =>
        answer(
          api.DELETE("/api/v1/companies/{company_id}", {
            params: { path: { company_id: company.id }, query: { confirm: typed.trim() } },
          }),
        ),
      ),
    onSuccess: async () => {
      onDeleted();
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <DialogForm
      submitLabel={t("data.delete")}
      onSubmit={() => remove.mutate()}
      onCancel={onCancel}
      pending={remove.isPending}
      error={remove.error}
      disabled={typed.trim() !== company.name}
      danger
    >
      <p>{t("data.deleteWords")}</p>
      <TextInput
        label={t("data.typeName", { name: company.name })}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-autofocus
      />
    </DialogForm>
  );
}
