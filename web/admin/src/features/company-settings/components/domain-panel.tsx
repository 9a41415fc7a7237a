import type { Domain } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { PlainForm } from "@/components/plain-form";
import { ProblemNotice } from "@/components/problem-notice";
import { domainQuery, useChangeDomain } from "../api/domain";
import classes from "./look.module.css";

/** A hostname of the company's own for links and codes. */
export function DomainPanel({ companyId }: { companyId: string }) {
  const query = useQuery(domainQuery(companyId));
  return (
    <>
      <LoadProblem query={query} />
      {query.data === null && <NameDomain companyId={companyId} />}
      {query.data && <NamedDomain companyId={companyId} domain={query.data} />}
    </>
  );
}

function NameDomain({ companyId }: { companyId: string }) {
  const { t } = useTranslation("settings");
  const [hostname, setHostname] = useState("");
  const change = useChangeDomain(companyId);
  return (
    <PlainForm
      onSubmit={() => change.mutate({ set: hostname.trim() })}
      action={change}
      submitLabel={t("domain.set")}
      disabled={!hostname.includes(".")}
    >
      <TextInput
        label={t("domain.hostname")}
        description={t("domain.hint")}
        placeholder="prints.example.com"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={253}
        value={hostname}
        onChange={(event) => setHostname(event.currentTarget.value)}
      />
    </PlainForm>
  );
}

function NamedDomain({ companyId, domain }: { companyId: string; domain: Domain }) {
  const { t } = useTranslation("settings");
  const change = useChangeDomain(companyId);
  return (
    <div className={classes.stack}>
      <p>
        <strong>{domain.hostname}</strong> · {t(`domain.state.${domain.state}`)}
      </p>
      {domain.state !== "verified" && (
        <>
          <p>{t("domain.record")}</p>
          <dl className={classes.record}>
            <dt>{t("domain.type")}</dt>
            <dd>TXT</dd>
            <dt>{t("domain.name")}</dt>
            <dd>{domain.record.name}</dd>
            <dt>{t("domain.value")}</dt>
            <dd>{domain.record.value}</dd>
          </dl>
        </>
      )}
      <ProblemNotice error={change.error} />
      <div className={classes.buttons}>
        {domain.state !== "verified" && (
          <Button
            variant="filled"
            loading={change.isPending && change.variables === "verify"}
            onClick={() => change.mutate("verify")}
          >
            {t("domain.verify")}
          </Button>
        )}
        <Button variant="text" onClick={() => change.mutate("remove")}>
          {t("domain.remove")}
        </Button>
      </div>
    </div>
  );
}
