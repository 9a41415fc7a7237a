import type { IdentityProvider } from "@arv/api-client";
import { Button, CopyButton, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { LoadProblem } from "@/components/load-problem";
import { useToast } from "@/components/use-toast";
import { providerQuery, useRemoveProvider } from "../api/identity-provider";
import classes from "./provider.module.css";
import { ProviderForm } from "./provider-form";

interface ProviderPanelProps {
  companyId: string;
  slug: string;
}

/** The company's own provider: set up, tried out, taken away. */
export function ProviderPanel({ companyId, slug }: ProviderPanelProps) {
  const query = useQuery(providerQuery(companyId));
  const provider = query.data;
  if (provider === undefined)
    return query.error ? <LoadProblem query={query} /> : <Skeleton height={320} />;
  return (
    <div className={classes.stack}>
      <RedirectAddress
        address={provider?.redirect_uri ?? `${location.origin}/api/v1/auth/oidc/${slug}/callback`}
      />
      <ProviderForm key={provider?.updated_at} companyId={companyId} provider={provider} />
      {provider && <ProviderActions companyId={companyId} provider={provider} />}
    </div>
  );
}

/** The address to enter at the provider. */
function RedirectAddress({ address }: { address: string }) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <div className={classes.address}>
      <p>{t("signIn.redirectWords")}</p>
      <code>{address}</code>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button size="sm" onClick={copy}>
            {t(copied ? "common:common.copied" : "common:common.copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

interface ProviderActionsProps {
  companyId: string;
  provider: IdentityProvider;
}

function ProviderActions({ companyId, provider }: ProviderActionsProps) {
  const { t } = useTranslation("settings");
  const toast = useToast();
  const [removing, setRemoving] = useState(false);
  const remove = useRemoveProvider(companyId, () => {
    setRemoving(false);
    toast(t("signIn.removed"));
  });
  return (
    <div className={classes.actions}>
      {provider.enabled && (
        <Button component="a" href={`${provider.start_url}?again=true`}>
          {t("signIn.try")}
        </Button>
      )}
      <Button variant="text" onClick={() => setRemoving(true)}>
        {t("signIn.remove")}
      </Button>
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate()}
        title={t("signIn.removeTitle")}
        words={t("signIn.removeWords")}
        confirmLabel={t("signIn.remove")}
        pending={remove.isPending}
        error={remove.error}
      />
    </div>
  );
}
