import type { OperatedCompany, Plan, Subscription } from "@arv/api-client";
import { IconAdjustments, IconDoorEnter } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { ItemMenu } from "@/components/item-menu";
import { Row, RowList } from "@/components/row-list";
import { formatDate } from "@/lib/format";
import { AgreementForm } from "./agreement-form";
import classes from "./company-list.module.css";
import { UsageLine } from "./usage-line";

interface CompanyListProps {
  companies: OperatedCompany[];
  plans: Plan[];
  /** Go and see the company as its owners do. */
  onOpen: (slug: string) => void;
}

/** All companies with plan, standing and usage. */
export function CompanyList({ companies, ...rest }: CompanyListProps) {
  const { t } = useTranslation("operator");
  return (
    <RowList label={t("companies.title")}>
      {companies.map((one) => (
        <CompanyRow key={one.company.id} operated={one} {...rest} />
      ))}
    </RowList>
  );
}

type CompanyRowProps = Omit<CompanyListProps, "companies"> & { operated: OperatedCompany };

function CompanyRow({ operated, plans, onOpen }: CompanyRowProps) {
  const { t } = useTranslation("operator");
  const [agreeing, setAgreeing] = useState(false);
  const { company, subscription } = operated;
  const close = () => setAgreeing(false);
  return (
    <Row
      title={company.name}
      detail={<StandingWords slug={company.slug} subscription={subscription} />}
      foot={<UsageLine quotas={subscription.quotas} />}
    >
      <span className={classes.state} data-level={subscription.status}>
        {t(`status.${subscription.status}`)}
      </span>
      <ItemMenu
        label={t("menu", { name: company.name })}
        actions={[
          {
            label: t("companies.agree"),
            icon: IconAdjustments,
            onClick: () => setAgreeing(true),
          },
          {
            label: t("companies.open"),
            icon: IconDoorEnter,
            onClick: () => onOpen(company.slug),
          },
        ]}
      />
      <Dialog opened={agreeing} onClose={close} title={company.name}>
        <AgreementForm operated={operated} plans={plans} onDone={close} />
      </Dialog>
    </Row>
  );
}

function StandingWords({ slug, subscription }: { slug: string; subscription: Subscription }) {
  const { t, i18n } = useTranslation("operator");
  const { plan, ends_at, grace_until, status } = subscription;
  const date = (iso: string) => formatDate(iso, i18n.language);
  const parts = [slug, plan.name];
  if (status === "grace" && grace_until)
    parts.push(t("companies.grace", { date: date(grace_until) }));
  else if (ends_at)
    parts.push(
      t(status === "lapsed" ? "companies.ended" : "companies.until", { date: date(ends_at) }),
    );
  return parts.join(" · ");
}
