import { Anchor, List, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { RequiredField } from "./draft";
import styles from "./create.module.css";

/** What is still to be filled in: it shrinks as that is done, and leads to each field. */
export function Needed({ missing, labels }: { missing: readonly RequiredField[]; labels: Record<string, string> }) {
    const { t } = useTranslation();
    return (
        <Paper withBorder p="md" radius="md" component="section" aria-labelledby="needed" className={styles["needed"]}>
            <Stack gap="xs">
                <Title order={2} size="h5" id="needed">
                    {t("create.required")}
                </Title>
                {missing.length === 0 ? (
                    <Text size="sm">{t("create.nothingMissing")}</Text>
                ) : (
                    <List size="sm" className={styles["fields"]}>
                        {missing.map((field) => (
                            <List.Item key={field}>
                                <Anchor
                                    href={`#${field}`}
                                    inherit
                                    onClick={(event) => {
                                        event.preventDefault();
                                        document.getElementById(field)?.focus();
                                    }}
                                >
                                    {labels[field]}
                                </Anchor>
                            </List.Item>
                        ))}
                    </List>
                )}
            </Stack>
        </Paper>
    );
}
