import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** What stands in the place of a page that failed. What was typed is kept as drafts, so that loading it again loses nothing. */
export function Problem() {
    const { t } = useTranslation();
    return (
        <Stack align="flex-start" maw={480}>
            <Title order={1} size="h2">
                {t("problem.title")}
            </Title>
            <Text>{t("problem.text")}</Text>
            <Button onClick={() => window.location.reload()}>{t("problem.reload")}</Button>
        </Stack>
    );
}

/** The same, where what stands around pages failed as well. */
export function ProblemAlone() {
    return (
        <Container size="xs" py="xl" component="main">
            <Problem />
        </Container>
    );
}
