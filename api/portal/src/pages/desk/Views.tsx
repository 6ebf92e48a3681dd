import { Divider, NativeSelect, NavLink, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { choices, useCatalogue } from "../../parts/cases/catalogue";
import { useCount } from "./useDesk";
import { type DeskState, VIEWS, type View, filterOfQueue } from "./views";

/** How many cases each view has; undefined until that is known. */
export type Counts = Record<View, number> | undefined;

/** The views that are offered: whose contact has left is one only where there are such cases. */
function offered(state: DeskState, counts: Counts): readonly View[] {
    return VIEWS.filter((view) => view !== "uncontacted" || state.view === view || (counts?.uncontacted ?? 0) > 0);
}

/** The views and queues at the side, with how much there is to do in each. */
export function Views({ state, counts }: { state: DeskState; counts: Counts }) {
    const { t } = useTranslation();
    const { queues } = useCatalogue();
    const here = state.text === "";
    return (
        <Stack component="nav" gap={2} aria-label={t("desk.views")}>
            {offered(state, counts).map((view) => (
                <Choice
                    key={view}
                    to={view === "mine" ? "/desk" : `/desk?view=${view}`}
                    label={t(`desk.view.${view}`)}
                    count={counts?.[view]}
                    active={here && state.queue === "" && state.view === view}
                />
            ))}
            <Divider my="xs" />
            <Text size="xs" fw={600} px="sm" component="h2">
                {t("desk.queues")}
            </Text>
            {choices(queues ?? []).map(({ value, label }) => (
                <Queue key={value} queue={value} label={label} active={here && state.queue === value} />
            ))}
        </Stack>
    );
}

function Queue({ queue, label, active }: { queue: string; label: string; active: boolean }) {
    const count = useCount(filterOfQueue(queue));
    return <Choice to={`/desk?queue=${encodeURIComponent(queue)}`} label={label} count={count} active={active} />;
}

function Choice(props: { to: string; label: string; count: number | undefined; active: boolean }) {
    const { to, label, count, active } = props;
    return (
        <NavLink
            component={Link}
            to={to}
            label={label}
            py={6}
            active={active}
            variant="light"
            color="gray"
            aria-current={active ? "page" : undefined}
            styles={{ label: { fontWeight: active ? 600 : 400, color: "var(--mantine-color-text)" } }}
            rightSection={
                count === undefined ? (
                    <Skeleton height={14} width={18} />
                ) : (
                    <Text size="sm" c="var(--mantine-color-text)" fw={active ? 600 : 400}>
                        {count}
                    </Text>
                )
            }
        />
    );
}

/** The same as one field, where there is no room at the side. */
export function ViewField(props: { state: DeskState; counts: Counts; go: (address: string) => void }) {
    const { state, counts, go } = props;
    const { t } = useTranslation();
    const { queues } = useCatalogue();
    return (
        <NativeSelect
            label={t("desk.views")}
            value={state.queue === "" ? `view=${state.view}` : `queue=${encodeURIComponent(state.queue)}`}
            onChange={(event) => go(`/desk?${event.currentTarget.value}`)}
            data={[
                {
                    group: t("desk.views"),
                    items: offered(state, counts).map((view) => ({
                        value: `view=${view}`,
                        label: counts ? `${t(`desk.view.${view}`)} (${counts[view]})` : t(`desk.view.${view}`),
                    })),
                },
                {
                    group: t("desk.queues"),
                    items: choices(queues ?? []).map(({ value, label }) => ({
                        value: `queue=${encodeURIComponent(value)}`,
                        label,
                    })),
                },
            ]}
        />
    );
}
