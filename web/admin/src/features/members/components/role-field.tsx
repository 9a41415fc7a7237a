import { Radio } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/members";
import classes from "./role-field.module.css";

export const ROLES = ["owner", "editor", "viewer"] as const satisfies readonly Role[];

/** What somebody may do, each role in a sentence. */
export function RoleField({ value, onChoose }: { value: Role; onChoose: (role: Role) => void }) {
  const { t } = useTranslation("settings");
  return (
    <Radio.Group
      label={t("members.role")}
      value={value}
      onChange={(chosen) => onChoose(ROLES.find((role) => role === chosen) ?? value)}
    >
      <div className={classes.roles}>
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={t(`members.roles.${role}`)}
            description={t(`members.may.${role}`)}
          />
        ))}
      </div>
    </Radio.Group>
  );
}
