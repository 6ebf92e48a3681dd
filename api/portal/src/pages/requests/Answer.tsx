import { Button, Group, Stack, Text, type TextareaProps } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ErrorSummary } from "../../parts/ErrorSummary";
import { LongText } from "../../parts/LongText";
import type { useFields } from "../../parts/fields";
import type { AccessDecisionInput } from "../../gql/graphql";
import { Problems } from "./Problems";
import { type Asked, type AskedPerson, DECIDE } from "./documents";
import { useDecision } from "./useDecision";

/** What every form of a decision is given. */
export interface Deciding {
    of: Asked;
    person: AskedPerson;
    done: () => void;
}

/** The form of a decision: its fields, what is wrong with them, and what gives it. */
export function Answer<Name extends string>(
    props: Deciding & {
        form: ReturnType<typeof useFields<Name>>;
        submit: string;
        decision: () => AccessDecisionInput;
        children: ReactNode;
    },
) {
    const { of, person, done, form, submit, decision, children } = props;
    const { t } = useTranslation();
    const command = useDecision(of);
    return (
        <form
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                if (!form.complete()) return;
                void command.run(DECIDE, { number: person.number, decision: decision() }).then((isDone) => {
                    if (isDone) done();
                });
            }}
        >
            <Stack>
                <ErrorSummary {...form.summary} />
                <Problems of={command.problems} />
                {children}
                <Group justify="flex-end">
                    <Button variant="default" onClick={done}>
                        {t("case.back")}
                    </Button>
                    <Button type="submit" loading={command.busy}>
                        {submit}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

/** For which account access is asked, in the words of whoever asks. */
export function Asks({ of }: { of: Asked }) {
    const { t } = useTranslation();
    return of.accountName ? <Text size="sm">{t("requests.asksFor", { account: of.accountName })}</Text> : null;
}

/** How it was made sure that whoever asks may ask. */
export function Authority({ field }: { field: TextareaProps & { value: string } }) {
    const { t } = useTranslation();
    return <LongText most={4000} {...field} description={t("requests.authorityText")} minRows={2} />;
}
