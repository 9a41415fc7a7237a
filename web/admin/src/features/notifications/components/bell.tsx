import type { Notification } from "@arv/api-client";
import { Button, Popover, UnstyledButton } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { formatMoment } from "@/lib/format";
import { newestQuery, unreadQuery, useRead, useReadAll } from "../api/notifications";
import classes from "./bell.module.css";

/** Counting ends there; more is told as "99+". */
const MOST = 99;

interface BellProps {
  /** Go to the page of the panel a notification is about. */
  onOpen: (path: string) => void;
  onPreferences: () => void;
}

/** What happened while one was away: how much of it is new, and a list of it. */
export function Bell({ onOpen, onPreferences }: BellProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const unread = useQuery(unreadQuery).data?.unread ?? 0;
  const leave = (act: () => void) => () => {
    setOpened(false);
    act();
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.bell}
          aria-label={unread ? t("bell.label", { count: unread }) : t("bell.labelNone")}
          onClick={() => setOpened(!opened)}
        >
          <IconBell size={22} stroke={1.7} />
          {unread > 0 && (
            <span className={classes.count} data-testid="unread" aria-hidden="true">
              {unread > MOST ? `${MOST}+` : unread}
            </span>
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t("bell.title")}>
        <Newest
          hasUnread={unread > 0}
          onOpen={(path) => leave(() => onOpen(path))()}
          onPreferences={leave(onPreferences)}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Newest({ hasUnread, onOpen, onPreferences }: BellProps & { hasUnread: boolean }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(newestQuery(i18n.language === "ru" ? "ru" : "en"));
  const readAll = useReadAll();
  return (
    <>
      <header className={classes.head}>
        <h2>{t("bell.title")}</h2>
        {hasUnread && (
          <Button size="compact-sm" loading={readAll.isPending} onClick={() => readAll.mutate()}>
            {t("bell.readAll")}
          </Button>
        )}
      </header>
      <LoadProblem query={query} />
      {query.data?.items.length === 0 && <p className={classes.none}>{t("bell.none")}</p>}
      <ul className={classes.list}>
        {query.data?.items.map((item) => (
          <Item key={item.id} item={item} onOpen={onOpen} />
        ))}
      </ul>
      <footer className={classes.foot}>
        <Button size="compact-sm" variant="subtle" onClick={onPreferences}>
          {t("bell.preferences")}
        </Button>
      </footer>
    </>
  );
}

function Item({ item, onOpen }: { item: Notification; onOpen: (path: string) => void }) {
  const { t, i18n } = useTranslation();
  const read = useRead();
  const open = () => {
    if (!item.is_read) read.mutate(item.id);
    onOpen(`/${item.path}`);
  };
  return (
    <li>
      <UnstyledButton
        className={classes.item}
        data-unread={!item.is_read || undefined}
        data-severity={item.severity}
        onClick={open}
      >
        <strong>
          {!item.is_read && <span className="visually-hidden">{t("bell.new")} </span>}
          {item.title}
        </strong>
        <span>{item.text}</span>
        <small>
          {item.company ? `${item.company.name} · ` : ""}
          {formatMoment(item.created_at, i18n.language)}
        </small>
      </UnstyledButton>
    </li>
  );
}
