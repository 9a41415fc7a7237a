import type { NotificationChannel } from "@arv/api-client";
import {
  IconBellRinging,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { ItemMenu } from "@/components/item-menu";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { useToast } from "@/components/use-toast";
import { useRemoveChannel, useTestChannel, useUpdateChannel } from "../api/channels";
import { ChannelKinds } from "./channel-kinds";
import { LinkChat } from "./link-chat";

interface ChannelListProps {
  companyId: string;
  channels: NotificationChannel[];
  kinds: string[];
}

/** The chats of a company, whether they work, and what each hears of. */
export function ChannelList({ companyId, channels, kinds }: ChannelListProps) {
  const { t } = useTranslation("notifications");
  return (
    <RowList label={t("channels.title")}>
      {channels.map((channel) => (
        <ChannelRow key={channel.id} companyId={companyId} channel={channel} kinds={kinds} />
      ))}
    </RowList>
  );
}

interface ChannelRowProps {
  companyId: string;
  channel: NotificationChannel;
  kinds: string[];
}

type Opened = "kinds" | "remove" | null;

function ChannelRow({ companyId, channel, kinds }: ChannelRowProps) {
  const { t } = useTranslation("notifications");
  const [open, setOpen] = useState<Opened>(null);
  const close = () => setOpen(null);
  const toast = useToast();
  const test = useTestChannel(companyId, channel.id);
  const update = useUpdateChannel(companyId, channel.id, close);
  const error = test.error ?? (open ? null : update.error);
  return (
    <Row
      title={channel.name}
      detail={`${channel.label} · ${stateWords(channel, t)}`}
      foot={
        (channel.link || error) && (
          <>
            <LinkChat companyId={companyId} channel={channel} />
            <ProblemNotice error={error} />
          </>
        )
      }
    >
      <ChannelMenu
        channel={channel}
        onTest={() => test.mutate(undefined, { onSuccess: () => toast(t("channels.tested")) })}
        onToggle={() => update.mutate({ enabled: !channel.enabled })}
        onOpen={setOpen}
      />
      <ChannelDialogs {...{ companyId, channel, kinds, open, close, update }} />
    </Row>
  );
}

function stateWords(channel: NotificationChannel, t: TFunction<"notifications">): string {
  if (!channel.enabled) return t("channels.state.off");
  if (channel.link) return t("channels.state.linking");
  if (channel.failure) return t("channels.state.failing", { why: channel.failure.detail });
  return t("channels.state.on");
}

interface ChannelMenuProps {
  channel: NotificationChannel;
  onTest: () => void;
  onToggle: () => void;
  onOpen: (dialog: Opened) => void;
}

function ChannelMenu({ channel, onTest, onToggle, onOpen }: ChannelMenuProps) {
  const { t } = useTranslation("notifications");
  const { enabled, name } = channel;
  return (
    <ItemMenu
      label={t("channels.menu", { name })}
      actions={[
        { label: t("channels.test"), icon: IconSend, onClick: onTest },
        { label: t("channels.kinds"), icon: IconBellRinging, onClick: () => onOpen("kinds") },
        {
          label: t(enabled ? "channels.off" : "channels.on"),
          icon: enabled ? IconPlayerPause : IconPlayerPlay,
          onClick: onToggle,
        },
        {
          label: t("channels.remove"),
          icon: IconTrash,
          onClick: () => onOpen("remove"),
          danger: true,
        },
      ]}
    />
  );
}

interface DialogsProps extends ChannelRowProps {
  open: Opened;
  close: () => void;
  update: ReturnType<typeof useUpdateChannel>;
}

function ChannelDialogs({ companyId, channel, kinds, open, close, update }: DialogsProps) {
  const { t } = useTranslation("notifications");
  const remove = useRemoveChannel(companyId, channel.id, close);
  const { name } = channel;
  return (
    <>
      <Dialog opened={open === "kinds"} onClose={close} title={t("channels.kindsOf", { name })}>
        <ChannelKinds
          chosen={channel.kinds}
          offered={kinds}
          onChoose={(chosen) => update.mutate({ kinds: chosen })}
          onCancel={close}
          pending={update.isPending}
          error={update.error}
        />
      </Dialog>
      <ConfirmDialog
        opened={open === "remove"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={t("channels.removeTitle", { name })}
        words={t("channels.removeWords")}
        confirmLabel={t("channels.remove")}
        pending={remove.isPending}
        error={remove.error}
      />
    </>
  );
}
