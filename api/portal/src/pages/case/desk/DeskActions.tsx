import { Button, Group, Menu, Stack } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";

import { useViewer } from "../../../app/session";
import type { CaseAction } from "../../../gql/graphql";
import { Dialog } from "../../../parts/Dialog";
import { CancelCase } from "../CancelCase";
import { Problem } from "../Problem";
import { ASSIGN, END_WAIT, RELEASE, TAKE_UP, UNDO_REOPENING, UNDO_SPLIT } from "../commands";
import { useCommand } from "../useCommand";
import type { Shown, useStream } from "../useStream";
import type { Asking } from "./Ask";
import { Assign } from "./Assign";
import { Close, Reopen, Resolve, Wait } from "./Outcome";
import { MoveToQueue, Reclassify, SetContact, SetPriority, SetSubject } from "./Particulars";
import { Place, inTriage } from "./Place";
import { Split } from "./Split";
import { LinkCase, Merge } from "./Together";

/** What is asked before something is done: the action that it is for, and the form. */
const QUESTIONS = {
    assign: { action: "ASSIGN", form: Assign },
    wait: { action: "START_WAIT", form: Wait },
    resolve: { action: "RESOLVE", form: Resolve },
    close: { action: "CLOSE", form: Close },
    reopen: { action: "REOPEN", form: Reopen },
    queue: { action: "MOVE_TO_QUEUE", form: MoveToQueue },
    priority: { action: "SET_PRIORITY", form: SetPriority },
    reclassify: { action: "RECLASSIFY", form: Reclassify },
    place: { action: "SET_LOCATION", form: Place },
    contact: { action: "SET_CONTACT", form: SetContact },
    subject: { action: "SET_SUBJECT", form: SetSubject },
    merge: { action: "MERGE", form: Merge },
    split: { action: "SPLIT", form: Split },
    link: { action: "LINK", form: LinkCase },
} as const satisfies Record<
    string,
    { action: CaseAction; form: ComponentType<Asking<Shown> & { stream: ReturnType<typeof useStream> }> }
>;
type Question = keyof typeof QUESTIONS;

const FIRST: readonly Question[] = ["assign", "wait", "resolve", "close", "reopen"];
const MORE: readonly (readonly Question[])[] = [
    ["priority", "queue", "reclassify", "place", "contact", "subject"],
    ["merge", "split", "link"],
];

/** What the desk does with a case, as far as its state takes it. */
export function DeskActions({ of, stream }: { of: Shown; stream: ReturnType<typeof useStream> }) {
    const { t } = useTranslation();
    const me = useViewer().person.id;
    const command = useCommand(of);
    const [asked, setAsked] = useState<Question>();
    const may = (action: CaseAction) => of.allowedActions?.includes(action) ?? false;
    const offered = (all: readonly Question[]) =>
        all.filter((each) => may(QUESTIONS[each].action) && !(each === "wait" && of.wait));
    const ask = (what: Question) => () => {
        command.forget();
        setAsked(what);
    };
    const name = (what: Question) => t(what === "place" && inTriage(of) ? "desk.clearTriage" : `desk.ask.${what}`);
    const isMine = of.owner?.id === me;
    const atOnce = [
        may("ASSIGN") && of.status !== "NEW" && !isMine
            ? { label: t("desk.assignMe"), go: () => command.run(ASSIGN, { ownerId: me }) }
            : undefined,
        may("RELEASE") ? { label: t("desk.release"), go: () => command.run(RELEASE, {}) } : undefined,
        may("UNDO_REOPENING")
            ? { label: t("desk.undoReopening"), go: () => command.run(UNDO_REOPENING, {}) }
            : undefined,
        may("UNDO_SPLIT") ? { label: t("desk.undoSplit"), go: () => command.run(UNDO_SPLIT, {}) } : undefined,
    ].filter((each) => each !== undefined);
    const more = MORE.map(offered).filter((each) => each.length > 0);
    const Form = asked === undefined ? undefined : QUESTIONS[asked].form;
    return (
        <Stack gap="sm">
            <Problem command={command} />
            <Group gap="xs" role="group" aria-label={t("desk.actions")}>
                {may("TAKE_UP") ? (
                    <Button loading={command.busy} onClick={() => void command.run(TAKE_UP, {})}>
                        {t("desk.takeUp")}
                    </Button>
                ) : null}
                {inTriage(of) && may("SET_LOCATION") ? (
                    <Button variant="default" onClick={ask("place")}>
                        {t("desk.clearTriage")}
                    </Button>
                ) : null}
                {may("END_WAIT") ? (
                    <Button variant="default" loading={command.busy} onClick={() => void command.run(END_WAIT, {})}>
                        {t("desk.endWait")}
                    </Button>
                ) : null}
                {offered(FIRST).map((each) => (
                    <Button key={each} variant="default" onClick={ask(each)}>
                        {name(each)}
                    </Button>
                ))}
                {may("CANCEL") ? <CancelCase of={of} /> : null}
                {more.length + atOnce.length > 0 ? (
                    <Menu position="bottom-start" withinPortal={false} withInitialFocusPlaceholder={false}>
                        <Menu.Target>
                            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
                                {t("desk.more")}
                            </Button>
                        </Menu.Target>
                        <Menu.Dropdown>
                            {atOnce.map(({ label, go }) => (
                                <Menu.Item key={label} onClick={() => void go()}>
                                    {label}
                                </Menu.Item>
                            ))}
                            {more.map((group, index) => [
                                index > 0 || atOnce.length > 0 ? <Menu.Divider key={`before ${index}`} /> : null,
                                ...group.map((each) => (
                                    <Menu.Item key={each} onClick={ask(each)}>
                                        {name(each)}
                                    </Menu.Item>
                                )),
                            ])}
                        </Menu.Dropdown>
                    </Menu>
                ) : null}
            </Group>
            <Dialog
                opened={asked !== undefined}
                onClose={() => setAsked(undefined)}
                title={asked === undefined ? "" : name(asked)}
            >
                {Form ? <Form key={asked} of={of} stream={stream} done={() => setAsked(undefined)} /> : null}
            </Dialog>
        </Stack>
    );
}
