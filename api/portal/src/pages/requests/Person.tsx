import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Dialog } from "../../parts/Dialog";
import { Terms } from "../../parts/Terms";
import { Time } from "../../parts/Time";
import { Approve } from "./Approve";
import { Decline } from "./Decline";
import { MakeCase } from "./MakeCase";
import type { Asked, AskedPerson } from "./documents";

const FORMS = { approve: Approve, decline: Decline, makeCase: MakeCase };
type Way = keyof typeof FORMS;

/** Somebody for whom access is asked: who they are, whether they are known, and what was decided or can be. */
export function Person({ of, person }: { of: Asked; person: AskedPerson }) {
    const { t } = useTranslation();
    const [way, setWay] = useState<Way>();
    const name = person.name ?? t("requests.redacted");
    const ways: readonly Way[] =
        of.type === "PORTAL_ACCESS" ? ["approve", "decline"] : ["makeCase", "approve", "decline"];
    const Form = way && FORMS[way];
    const title = way ? t(`requests.${way}Of`, { name }) : "";
    return (
        <Paper component="article" withBorder p="md" radius="md" aria-label={name}>
            <Stack gap="sm">
                <Group justify="space-between" align="flex-start" gap="xs">
                    <Stack gap={2} miw={0}>
                        <Title order={3} size="h5" style={{ overflowWrap: "anywhere" }}>
                            {name}
                        </Title>
                        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                            {[person.email, person.phone].filter(Boolean).join(" · ")}
                        </Text>
                    </Stack>
                    {person.decision ? (
                        <Badge variant="default" tt="none" fw={600} radius="sm">
                            {t(`requests.outcome.${person.decision.outcome}`)}
                        </Badge>
                    ) : null}
                </Group>
                {person.decision ? (
                    <Decided of={person.decision} />
                ) : (
                    <>
                        <Text size="sm">
                            {person.knownAs.length === 0
                                ? t("requests.unknown")
                                : t("requests.known", {
                                      names: person.knownAs.map((each) => each.name ?? each.id).join(", "),
                                  })}
                        </Text>
                        {of.redacted ? null : (
                            <Group gap="xs">
                                {ways.map((each, index) => (
                                    <Button
                                        key={each}
                                        size="sm"
                                        variant={index === 0 ? "filled" : "default"}
                                        aria-label={t(`requests.${each}Of`, { name })}
                                        onClick={() => setWay(each)}
                                    >
                                        {t(`requests.${each}`)}
                                    </Button>
                                ))}
                            </Group>
                        )}
                    </>
                )}
            </Stack>
            <Dialog opened={way !== undefined} onClose={() => setWay(undefined)} title={title}>
                {Form ? <Form of={of} person={person} done={() => setWay(undefined)} /> : null}
            </Dialog>
        </Paper>
    );
}

function Decided({ of }: { of: NonNullable<AskedPerson["decision"]> }) {
    const { t } = useTranslation();
    const places = of.locations?.map(({ name, address }) => name ?? address).filter(Boolean);
    const facts = [
        [t("columns.ACCOUNT"), of.account?.name],
        [t("requests.role"), of.role ? t(`requests.roles.${of.role}`) : null],
        [
            t("requests.locations"),
            of.outcome === "APPROVED" ? (places?.join(", ") ?? t("requests.allLocations")) : null,
        ],
        [t("requests.person"), of.person?.name],
        [t(of.outcome === "DECLINED" ? "requests.reason" : "requests.authority"), of.words],
    ] as const;
    return (
        <Stack gap="xs">
            <Text size="sm">
                {of.decidedBy?.name} · <Time at={of.decidedAt} />
                {of.carriedOut ? "" : ` · ${t("requests.underway")}`}
            </Text>
            <Terms of={facts} />
            {of.case ? (
                <Anchor component={Link} to={`/cases/${of.case.number}`} size="sm">
                    {of.case.number}
                </Anchor>
            ) : null}
        </Stack>
    );
}
