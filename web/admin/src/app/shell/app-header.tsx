import type { Company } from "@arv/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Mark } from "@/components/mark";
import { meQuery } from "@/features/auth/api/get-me";
import { CompanySwitcher } from "@/features/companies/components/company-switcher";
import { NewCompanyDialog } from "@/features/companies/components/new-company-dialog";
import { Bell } from "@/features/notifications/components/bell";
import { useMe, useOptionalMembership } from "../membership";
import { AccountMenu } from "./account-menu";
import classes from "./shell.module.css";

export function AppHeader() {
  const me = useMe();
  const membership = useOptionalMembership();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const open = (company: Company) =>
    void navigate({ to: "/c/$companySlug", params: { companySlug: company.slug } });
  const created = async (company: Company) => {
    await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    setAdding(false);
    open(company);
  };
  return (
    <header className={classes.header}>
      <div className={classes.inner}>
        <Link to="/" className={classes.brand} aria-label="ARV">
          <Mark size={30} />
          <span className={classes.wordmark}>ARV</span>
        </Link>
        <div className={classes.company}>
          <CompanySwitcher
            companies={me.memberships.map((one) => one.company)}
            current={membership?.company}
            onChoose={open}
            onNew={me.user.is_superadmin ? () => setAdding(true) : undefined}
          />
        </div>
        <Bell
          onOpen={(path) => void navigate({ href: path })}
          onPreferences={() => void navigate({ to: "/account/notifications" })}
        />
        <AccountMenu user={me.user} />
      </div>
      <NewCompanyDialog opened={adding} onClose={() => setAdding(false)} onCreated={created} />
    </header>
  );
}
