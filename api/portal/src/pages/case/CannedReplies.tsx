import { Button, Paper, Skeleton, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";

import { graphql } from "../../gql";
import { Dialog } from "../../parts/Dialog";
import { Empty } from "../../parts/Empty";

const REPLIES = graphql(`
    query CannedReplies {
        desk {
            cannedReplies {
                replies {
                    key
                    title
                    body
                }
            }
        }
    }
`);

/** Picks one of the texts that the desk answers with again and again. */
export function CannedReplies({ onPick }: { onPick: (body: string) => void }) {
    const { t } = useTranslation();
    const [opened, { open, close }] = useDisclosure();
    return (
        <>
            <Button
                variant="default"
                leftSection={<IconTemplate size={16} aria-hidden />}
                aria-haspopup="dialog"
                onClick={open}
            >
                {t("replies.title")}
            </Button>
            <Dialog opened={opened} onClose={close} title={t("replies.title")}>
                {opened ? (
                    <Replies
                        onPick={(body) => {
                            close();
                            onPick(body);
                        }}
                    />
                ) : null}
            </Dialog>
        </>
    );
}

function Replies({ onPick }: { onPick: (body: string) => void }) {
    const { t } = useTranslation();
    const [{ data, fetching }] = useQuery({ query: REPLIES });
    const [text, setText] = useState("");
    const words = text.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
    const replies = data?.desk?.cannedReplies.replies ?? [];
    const found = replies.filter(({ title, body }) => {
        const all = `${title ?? ""} ${body ?? ""}`.toLocaleLowerCase();
        return words.every((word) => all.includes(word));
    });
    if (replies.length === 0 && !fetching) {
        return (
            <Empty title={t("replies.none")}>
                <Text size="sm">{t("replies.noneText")}</Text>
            </Empty>
        );
    }
    return (
        <Stack gap="xs">
            <TextInput
                type="search"
                data-autofocus
                label={t("replies.find")}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
            />
            <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: "none" }} aria-label={t("replies.title")}>
                {found.map(({ key, title, body }) => (
                    <li key={key}>
                        <UnstyledButton w="100%" onClick={() => onPick(body ?? "")}>
                            <Paper withBorder px="sm" py={6} radius="md">
                                <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                                    {title}
                                </Text>
                                <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                                    {body}
                                </Text>
                            </Paper>
                        </UnstyledButton>
                    </li>
                ))}
            </Stack>
            {fetching ? <Skeleton height={52} /> : null}
            {found.length === 0 && !fetching ? (
                <Text size="sm" role="status">
                    {t("support.noneFound")}
                </Text>
            ) : null}
        </Stack>
    );
}
