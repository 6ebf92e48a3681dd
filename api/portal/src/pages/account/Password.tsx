import { Alert, Anchor, Button, Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { Page } from "../../parts/Page";
import { ChallengeQuestionForm } from "./ChallengeQuestionForm";
import { PasswordForm } from "./PasswordForm";
import { useCredentials } from "./credentials";

/** Another password, and the question that is asked when one is forgotten. */
export function Component() {
    const { t } = useTranslation();
    const { data, error, reload } = useCredentials();
    return (
        <Page title={t("account.resetPassword")}>
            <Stack maw={720}>
                <Anchor component={Link} to="/my-account">
                    {t("account.back")}
                </Anchor>
                <PasswordForm />
                {data ? (
                    <ChallengeQuestionForm
                        questions={data.challengeQuestions}
                        chosen={data.viewer.credentials.challengeQuestion}
                        onChange={reload}
                    />
                ) : error ? (
                    <Alert color="red" variant="outline" title={t("errors.unreachableTitle")}>
                        <Button onClick={reload}>{t("errors.tryAgain")}</Button>
                    </Alert>
                ) : (
                    <Skeleton height={240} />
                )}
            </Stack>
        </Page>
    );
}
