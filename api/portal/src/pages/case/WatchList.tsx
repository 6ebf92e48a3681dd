import { Autocomplete, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useViewer } from "../../app/session";
import { Empty } from "../../parts/Empty";
import { watcher } from "../create/draft";
import { useAccount } from "../create/useAccount";
import { Problem } from "./Problem";
import { ADD_WATCHER, REMOVE_WATCHER } from "./commands";
import { useCommand } from "./useCommand";
import type { Shown } from "./useStream";

/** Who gets mail about a case: to see, to add, to take away. */
export function WatchList({ of }: { of: Shown }) {
    const { t } = useTranslation();
    const me = useViewer().person.id;
    const adding = useCommand(of);
    const removing = useCommand(of);
    const { people } = useAccount(of.account.id, "");
    const [text, setText] = useState("");
    const [wrong, setWrong] = useState<string>();
    const mayAdd = of.allowedActions?.includes("ADD_WATCHER") ?? false;
    const mayRemove = of.allowedActions?.includes("REMOVE_WATCHER") ?? false;
    const mayLeave = of.allowedActions?.includes("LEAVE_WATCH_LIST") ?? false;
    const contacts = new Map(people.map(({ value, label }) => [label, value]));
    const add = async (event: SyntheticEvent) => {
        event.preventDefault();
        const found = watcher(text.trim(), contacts);
        setWrong(found ? undefined : t("create.noAddress", { text }));
        if (!found) {
            document.getElementById("watcher")?.focus();
            return;
        }
        if (await adding.run(ADD_WATCHER, { watcher: found })) setText("");
    };
    return (
        <Stack gap="md">
            <Text size="sm">{t("case.watchText")}</Text>
            {mayAdd ? (
                <form onSubmit={(event) => void add(event)} noValidate>
                    <Stack gap="xs">
                        <Problem command={adding} />
                        <Group align="flex-start" wrap="nowrap">
                            <Autocomplete
                                id="watcher"
                                flex={1}
                                maw={420}
                                label={t("case.watcher")}
                                maxLength={254}
                                data={[...contacts.keys()].filter(
                                    (name) => !of.watchers.some(({ person }) => person?.name === name),
                                )}
                                value={text}
                                error={wrong}
                                onChange={setText}
                            />
                            <Button type="submit" mt={25} loading={adding.busy}>
                                {t("case.addWatcher")}
                            </Button>
                        </Group>
                    </Stack>
                </form>
            ) : null}
            <Problem command={removing} />
            {of.watchers.length === 0 ? (
                <Empty title={t("case.noWatchers")}>
                    {mayAdd ? <Text size="sm">{t("case.noWatchersText")}</Text> : null}
                </Empty>
            ) : (
                <Stack
                    component="ul"
                    gap="xs"
                    m={0}
                    p={0}
                    style={{ listStyle: "none" }}
                    aria-label={t("case.watchList")}
                >
                    {of.watchers.map((each) => {
                        const name = each.person?.name ?? each.email ?? t("activity.somebody");
                        const one = each.person ? { contact: each.person.id } : { email: each.email ?? "" };
                        return (
                            <Paper
                                component="li"
                                key={each.person?.id ?? each.email ?? each.addedAt}
                                withBorder
                                p="sm"
                                radius="md"
                            >
                                <Group justify="space-between" wrap="nowrap">
                                    <Stack gap={2} miw={0}>
                                        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                                            {name}
                                        </Text>
                                        {each.confirmed ? null : <Text size="xs">{t("case.unconfirmed")}</Text>}
                                    </Stack>
                                    {mayRemove || (mayLeave && each.person?.id === me) ? (
                                        <Button
                                            size="compact-sm"
                                            variant="default"
                                            disabled={removing.busy}
                                            aria-label={t("case.removeWatcher", { name })}
                                            onClick={() => void removing.run(REMOVE_WATCHER, { watcher: one })}
                                        >
                                            {t("case.remove")}
                                        </Button>
                                    ) : null}
                                </Group>
                            </Paper>
                        );
                    })}
                </Stack>
            )}
        </Stack>
    );
}
