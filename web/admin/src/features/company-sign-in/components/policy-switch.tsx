import { Skeleton, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { ProblemNotice } from "@/components/problem-notice";
import { policyQuery, useSetPolicy } from "../api/policy";

interface PolicySwitchProps {
  companyId: string;
  onSet: () => void;
}

/** Whether owners must have a second factor. */
export function PolicySwitch({ companyId, onSet }: PolicySwitchProps) {
  const { t } = useTranslation("settings");
  const query = useQuery(policyQuery(companyId));
  const set = useSetPolicy(companyId, onSet);
  if (!query.data) return query.error ? <LoadProblem query={query} /> : <Skeleton height={56} />;
  return (
    <>
      <Switch
        label={t("signIn.policy.label")}
        description={t("signIn.policy.words")}
        checked={query.data.require_two_factor}
        disabled={set.isPending}
        onChange={(event) => set.mutate({ require_two_factor: event.currentTarget.checked })}
      />
      <ProblemNotice error={set.error} />
    </>
  );
}
