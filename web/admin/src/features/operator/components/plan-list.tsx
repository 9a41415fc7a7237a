import type { Plan } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { Dialog } from "@/components/dialog";
import { Row, RowList } from "@/components/row-list";
import { typedMegabytes } from "../largest-file";
import { QUOTAS } from "../limits";
import classes from "./company-list.module.css";
import { PlanForm } from "./plan-form";
import { useAmount } from "./usage-line";

/** What the installation offers, each plan with a way to change it. */
export function PlanList({ plans }: { plans: Plan[] }) {
  const { t } = useTranslation("operator");
  return (
    <RowList label={t("plans.title")}>
      {plans.map((plan) => (
        <PlanRow key={plan.id} plan={plan} />
      ))}
    </RowList>
  );
}

function PlanRow({ plan }: { plan: Plan }) {
  const { t } = useTranslation("operator");
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  return (
    <Row
      title={plan.name}
      detail={`${plan.code} · ${t("plans.grace", { count: plan.grace_days })}`}
      foot={<PlanLimits plan={plan} />}
    >
      {plan.is_default && (
        <span className={classes.state} data-level="active">
          {t("plans.default")}
        </span>
      )}
      <Button size="sm" onClick={() => setOpened(true)}>
        {t("plans.change")}
      </Button>
      <Dialog opened={opened} onClose={close} title={plan.name}>
        <PlanForm plan={plan} onDone={close} />
      </Dialog>
    </Row>
  );
}

function PlanLimits({ plan }: { plan: Plan }) {
  const { t } = useTranslation("operator");
  const amount = useAmount();
  return (
    <dl className={classes.usage}>
      {QUOTAS.map((quota) => {
        const limit = plan[quota] ?? null;
        return (
          <div key={quota}>
            <dt>{t(`quota.${quota}`)}</dt>
            <dd>{limit === null ? t("limits.none") : amount(quota, limit)}</dd>
          </div>
        );
      })}
      {plan.max_upload_bytes && (
        <div>
          <dt>{t("limits.largestMb")}</dt>
          <dd>{typedMegabytes(plan.max_upload_bytes)}</dd>
        </div>
      )}
    </dl>
  );
}

/** The button that adds a plan, and the dialog it opens. */
export function NewPlan() {
  const { t } = useTranslation("operator");
  return (
    <AddButton label={t("plans.new")}>
      {(close) => <PlanForm plan={null} onDone={close} />}
    </AddButton>
  );
}
