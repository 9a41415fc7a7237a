import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { ComponentType } from "react";

export interface ItemAction {
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  onClick: () => void;
  danger?: boolean;
}

/** What can be done with one thing, behind three dots. `label` names the thing for whoever does not see it. */
export function ItemMenu({ label, actions }: { label: string; actions: ItemAction[] }) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={label}>
          <IconDots size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label: words, icon: Icon, onClick, danger }) => (
          <Menu.Item
            key={words}
            leftSection={<Icon size={18} stroke={1.7} />}
            data-danger={danger || undefined}
            onClick={onClick}
          >
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
