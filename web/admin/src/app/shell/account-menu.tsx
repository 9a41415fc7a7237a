import type { Me } from "@arv/api-client";
import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconBuildingCommunity, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSignOut } from "@/features/auth/api/sign-out";
import { LanguageControl } from "./language-control";
import classes from "./shell.module.css";

const SCHEMES = ["light", "dark", "auto"] as const;

/** Who is signed in, how the panel looks and reads, and the way out. */
export function AccountMenu({ user }: { user: Me["user"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const signOut = useSignOut(() => void navigate({ to: "/sign-in" }));
  return (
    <Menu width={288} closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={t("account.menu")}>
          {initialOf(user)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{user.name || user.email}</strong>
          {user.name && <span>{user.email}</span>}
        </div>
        <div className={classes.choice}>
          <LanguageControl />
        </div>
        <div className={classes.choice}>
          <SchemeControl />
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconUserCircle size={18} stroke={1.7} />}
          closeMenuOnClick
          onClick={() => void navigate({ to: "/account" })}
        >
          {t("account.open")}
        </Menu.Item>
        {user.is_superadmin && (
          <Menu.Item
            leftSection={<IconBuildingCommunity size={18} stroke={1.7} />}
            closeMenuOnClick
            onClick={() => void navigate({ to: "/operator" })}
          >
            {t("account.operator")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.7} />}
          onClick={() => signOut.mutate()}
        >
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeControl() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      aria-label={t("account.scheme.label")}
      value={colorScheme}
      onChange={(value) => setColorScheme(SCHEMES.find((scheme) => scheme === value) ?? "auto")}
      data={SCHEMES.map((scheme) => ({ value: scheme, label: t(`account.scheme.${scheme}`) }))}
    />
  );
}

function initialOf(user: Me["user"]): string {
  return (user.name || user.email).slice(0, 1).toUpperCase();
}
