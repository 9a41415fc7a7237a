import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import { type CSSProperties, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./sortable.module.css";

interface SortableProps {
  /** The things in their order, each with the name it is spoken of by. */
  items: { id: string; name: string }[];
  /** One thing was put into another's place. */
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}

/** Things below one another that can be put into another order by mouse, finger and keyboard. */
export function Sortable({ items, onMove, children }: SortableProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const { t } = useTranslation();
  const announcements = useAnnouncements(items);
  const place = (id: string | number) => items.findIndex((item) => item.id === id);
  const end = ({ active, over }: DragEndEvent) => {
    if (over && over.id !== active.id) onMove(place(active.id), place(over.id));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={end}
      accessibility={{
        announcements,
        // Its texts are no items of the list it stands in.
        container: document.body,
        screenReaderInstructions: { draggable: t("sortable.howTo") },
      }}
    >
      <SortableContext items={items} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

function useAnnouncements(items: SortableProps["items"]): Announcements {
  const { t } = useTranslation();
  const over = useRef<string | number | null>(null);
  const told = (id: string | number) => {
    const at = items.findIndex((item) => item.id === id);
    return { name: items[at]?.name ?? "", place: at + 1, total: items.length };
  };
  const dropped = (id: string | number, place: string | number | undefined) =>
    t("sortable.dropped", { ...told(place ?? id), name: told(id).name });
  return {
    onDragStart: ({ active }) => {
      over.current = active.id;
      return t("sortable.taken", told(active.id));
    },
    onDragOver: ({ active, over: now }) => {
      // It lies over itself when it is taken; that is no news.
      if (!now || now.id === over.current) return undefined;
      over.current = now.id;
      return t("sortable.over", { ...told(now.id), name: told(active.id).name });
    },
    onDragEnd: ({ active, over: end }) => dropped(active.id, end?.id),
    onDragCancel: ({ active }) => t("sortable.left", told(active.id)),
  };
}

/** What an item of a `Sortable` needs: where it is drawn, and the grip it is taken by. */
export function useSortableItem(id: string, name: string) {
  const { t } = useTranslation();
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  const style: CSSProperties = { transform: CSS.Translate.toString(transform), transition };
  const grip = (
    <ActionIcon
      className={classes.grip}
      {...attributes}
      {...listeners}
      aria-label={t("sortable.move", { name })}
      // Escape puts it back; it does not close the dialog it may be in.
      data-mantine-stop-propagation={isDragging || undefined}
    >
      <IconGripVertical size={20} />
    </ActionIcon>
  );
  return {
    item: {
      ref: setNodeRef,
      style,
      className: classes.item,
      "data-lifted": isDragging || undefined,
    },
    grip,
  };
}

/** The list with one thing taken out and put in elsewhere. */
export function reordered<T>(list: readonly T[], from: number, to: number): T[] {
  const [taken] = list.slice(from, from + 1);
  if (taken === undefined) return [...list];
  const others = list.filter((_, at) => at !== from);
  return [...others.slice(0, to), taken, ...others.slice(to)];
}
