import type { Company } from "@arv/api-client";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./company-switcher.module.css";

interface CompanySwitcherProps {
  companies: Company[];
  current: Company | undefined;
  onChoose: (company: Company) => void;
  /** Given to those who may open a new company. */
  onNew?: () => void;
}

/** The company at work; a menu when there is another to go to. */
export function CompanySwitcher({ companies, current, onChoose, onNew }: CompanySwitcherProps) {
  const { t } = useTranslation();
  if (companies.length < 2 && !onNew) return <span className={classes.name}>{current?.name}</span>;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={t("company.switch", { name: current?.name })}
        >
          <span className={classes.name}>{current?.name ?? t("company.choose")}</span>
          <IconSelector size={18} stroke={1.7} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.list}>
        {companies.map((company) => (
          <Menu.Item
            key={company.id}
            onClick={() => onChoose(company)}
            rightSection={
              company.id === current?.id && (
                <IconCheck size={18} aria-label={t("company.current")} />
              )
            }
            leftSection={<Swatch company={company} />}
          >
            {company.name}
          </Menu.Item>
        ))}
        {onNew && <Menu.Divider />}
        {onNew && (
          <Menu.Item leftSection={<IconPlus size={18} stroke={1.8} />} onClick={onNew}>
            {t("company.new")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Swatch({ company }: { company: Company }) {
  const background = company.accent_color ?? "var(--arv-line-strong)";
  return <span className={classes.swatch} style={{ background }} aria-hidden="true" />;
}
