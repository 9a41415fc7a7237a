import type { ApiKey } from "@arv/api-client";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { ItemMenu } from "@/components/item-menu";
import { Row, RowList } from "@/components/row-list";
import { SecretOnce } from "@/components/secret-once";
import { formatDate } from "@/lib/format";
import { useRevokeKey, useRotateKey } from "../api/api-keys";
import { scopeWords } from "./key-terms";

interface KeyListProps {
  companyId: string;
  keys: ApiKey[];
}

/** The keys of a company, what each may do, and when it was used last. */
export function KeyList({ companyId, keys }: KeyListProps) {
  const { t } = useTranslation("settings");
  return (
    <RowList label={t("keys.title")}>
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} companyId={companyId} />
      ))}
    </RowList>
  );
}

function KeyRow({ apiKey, companyId }: { apiKey: ApiKey; companyId: string }) {
  const { t, i18n } = useTranslation("settings");
  const date = (iso: string) => formatDate(iso, i18n.language);
  const used = apiKey.last_used_at
    ? t("keys.used", { date: date(apiKey.last_used_at) })
    : t("keys.unused");
  const until = apiKey.expires_at
    ? t("keys.until", { date: date(apiKey.expires_at) })
    : t("keys.endless");
  return (
    <Row
      title={apiKey.name}
      detail={
        <>
          {apiKey.scopes.map((scope) => scopeWords(scope, t)).join(", ")}
          <br />
          {until} · {used}
        </>
      }
    >
      <KeyMenu apiKey={apiKey} companyId={companyId} />
    </Row>
  );
}

function KeyMenu({ apiKey, companyId }: { apiKey: ApiKey; companyId: string }) {
  const { t } = useTranslation("settings");
  const [open, setOpen] = useState<"rotate" | "revoke" | null>(null);
  const close = () => setOpen(null);
  const { name } = apiKey;
  const revoke = useRevokeKey(companyId, apiKey.id, close);
  return (
    <>
      <ItemMenu
        label={t("members.menu", { name })}
        actions={[
          { label: t("keys.rotate"), icon: IconRefresh, onClick: () => setOpen("rotate") },
          {
            label: t("keys.revoke"),
            icon: IconTrash,
            onClick: () => setOpen("revoke"),
            danger: true,
          },
        ]}
      />
      <Dialog opened={open === "rotate"} onClose={close} title={t("keys.rotateTitle", { name })}>
        <RotateForm companyId={companyId} apiKey={apiKey} onDone={close} />
      </Dialog>
      <ConfirmDialog
        opened={open === "revoke"}
        onClose={close}
        onConfirm={() => revoke.mutate()}
        title={t("keys.revokeTitle", { name })}
        words={t("keys.revokeWords")}
        confirmLabel={t("keys.revoke")}
        pending={revoke.isPending}
        error={revoke.error}
      />
    </>
  );
}

interface RotateFormProps {
  companyId: string;
  apiKey: ApiKey;
  onDone: () => void;
}

function RotateForm({ companyId, apiKey, onDone }: RotateFormProps) {
  const { t } = useTranslation("settings");
  const rotate = useRotateKey(companyId, apiKey.id);
  if (rotate.data) {
    return (
      <SecretOnce
        secret={rotate.data.token}
        words={t("keys.once")}
        doneLabel={t("keys.kept")}
        onDone={onDone}
      />
    );
  }
  return (
    <DialogForm
      submitLabel={t("keys.rotate")}
      onSubmit={() => rotate.mutate()}
      onCancel={onDone}
      pending={rotate.isPending}
      error={rotate.error}
      danger
    >
      <p>{t("keys.rotateWords")}</p>
    </DialogForm>
  );
}
