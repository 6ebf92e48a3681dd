import {
    Alert,
    Anchor,
    Box,
    Button,
    Checkbox,
    Flex,
    Group,
    Select,
    Skeleton,
    Stack,
    TagsInput,
    Text,
    TextInput,
} from "@mantine/core";
import { type SyntheticEvent, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useQuery } from "urql";

import { isDesk, useViewer } from "../../app/session";
import { graphql } from "../../gql";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { LongText } from "../../parts/LongText";
import { Page } from "../../parts/Page";
import { choices, useCatalogue } from "../../parts/cases/catalogue";
import { useDraft } from "../../parts/drafts";
import { filesOf } from "../../parts/files/UploadList";
import { useUploads } from "../../parts/files/useUploads";
import { later } from "../../parts/later";
import { useFormErrors } from "../../parts/formErrors";
import { AccountPicker } from "./AccountPicker";
import { Needed } from "./Needed";
import styles from "./create.module.css";
import { EMPTY, type RequiredField, type Values, inputOf, isUntouched, missing, watcher } from "./draft";
import { useAccount } from "./useAccount";
import { useSubmit } from "./useSubmit";

// Further down than one sees at first.
const FileField = later(async () => (await import("../../parts/files/FileField")).FileField);

const FOLLOWED = graphql(`
    query FollowedCase($number: String!) {
        case(number: $number) {
            id
            number
            subject
            status
            type
            category
            account {
                id
            }
            location {
                id
            }
            locationNotListed
            product {
                id
            }
            productNotListed
            contact {
                id
            }
        }
    }
`);

/** Opening a case; with `?followUp=NUMBER` one that goes on with a case that is over. */
export function Component() {
    const [search] = useSearchParams();
    const number = search.get("followUp");
    const [{ data, fetching }] = useQuery({
        query: FOLLOWED,
        variables: { number: number ?? "" },
        pause: number === null,
    });
    const { t } = useTranslation();
    if (number !== null && fetching && !data) {
        return (
            <Page title={t("create.title")}>
                <Skeleton height={320} />
            </Page>
        );
    }
    const followed = data?.case ?? undefined;
    const from = followed
        ? {
              ...EMPTY,
              accountId: followed.account.id,
              type: followed.type,
              category: followed.category,
              locationId: followed.location?.id ?? "",
              locationNotListed: followed.locationNotListed,
              productId: followed.product?.id ?? "",
              productNotListed: followed.productNotListed,
              contactId: followed.contact.id,
          }
        : EMPTY;
    return <Form key={followed?.id ?? ""} from={from} followed={followed} />;
}

function Form({ from, followed }: { from: Values; followed: { id: string; number: string } | undefined }) {
    const { t } = useTranslation();
    const navigate = useNavigate();
    const viewer = useViewer();
    const desk = isDesk(viewer);
    const draft = useDraft<Values>(followed ? `follow-up.${followed.id}` : "case", from, (values) =>
        isUntouched(values, from),
    );
    const values = draft.value;
    const set = (changed: Partial<Values>) => draft.set((before) => ({ ...before, ...changed }));

    const [only, another] = viewer.accounts;
    const onlyAccount = !desk && only && !another ? only.id : "";
    const own = viewer.accounts.some(({ id }) => id === values.accountId) ? viewer.person.id : "";
    useEffect(() => {
        // What there is no choice about is chosen: the only account, and oneself as the contact.
        const preset = {
            ...(values.accountId === "" && onlyAccount !== "" ? { accountId: onlyAccount } : {}),
            ...(values.contactId === "" && own !== "" ? { contactId: own } : {}),
        };
        if (Object.keys(preset).length > 0) draft.set((before) => ({ ...before, ...preset }));
    }, [draft, onlyAccount, own, values.accountId, values.contactId]);

    const { types } = useCatalogue();
    const type = types.find(({ key }) => key === values.type);
    const { account, people, locations, products, productsReady } = useAccount(values.accountId, values.locationId);
    const uploads = useUploads(values.accountId === "" ? undefined : values.accountId);
    const { submit, busy } = useSubmit(followed ? `follow-up.${followed.id}` : "case");

    const labels = {
        accountId: t("create.account"),
        type: t("create.type"),
        category: t("create.category"),
        locationId: t("create.location"),
        productId: t("create.product"),
        contactId: t("create.contact"),
        subject: t("create.subject"),
        description: t("create.description"),
        watchers: t("create.watchers"),
        uploads: t("create.attachments"),
    };
    const form = useFormErrors(Object.keys(labels), { unreachable: t("errors.unreachable") });
    const asks = {
        location: type?.locationRequired ?? true,
        product: type?.productRequired ?? true,
        contact: true,
    };
    const lacking = missing(values, asks);
    const wanted = (field: RequiredField) => (lacking.includes(field) ? styles["wanted"] : undefined);
    const contacts = new Map(people.map(({ value, label }) => [label, value]));

    const unknown = values.watchers.filter((text) => !watcher(text, contacts));
    const unknownWatchers = unknown.length > 0 ? t("create.noAddress", { text: unknown.join(", ") }) : undefined;

    const send = async (event: SyntheticEvent) => {
        event.preventDefault();
        const wrong = {
            ...Object.fromEntries(lacking.map((field) => [field, t("create.fill")])),
            ...(unknownWatchers === undefined ? {} : { watchers: unknownWatchers }),
            ...(uploads.unfinished ? { uploads: t("files.unfinished") } : {}),
        };
        if (Object.keys(wrong).length > 0) {
            form.show(wrong);
            return;
        }
        const answer = await submit(inputOf(values, contacts, uploads.ids, followed?.id));
        if (!form.take(answer)) return;
        draft.clear();
        await navigate(answer.number === undefined ? "/support" : `/cases/${answer.number}`);
    };

    return (
        <Page title={followed ? t("create.followUp", { number: followed.number }) : t("create.title")}>
            {draft.restored ? (
                <Alert variant="outline" title={t("create.kept")} role="status">
                    <Text size="sm">{t("create.keptText")}</Text>
                    <Anchor
                        component="button"
                        type="button"
                        size="sm"
                        onClick={() => {
                            draft.clear();
                            uploads.clear();
                            form.clear();
                        }}
                    >
                        {t("create.startOver")}
                    </Anchor>
                </Alert>
            ) : null}
            <ErrorSummary errors={form.errors} labels={labels} />
            <Flex direction={{ base: "column", md: "row-reverse" }} justify="flex-end" gap="xl">
                <Box w={{ base: "100%", md: 260 }}>
                    <Needed missing={lacking} labels={labels} />
                </Box>
                <Box flex={1} maw={720} miw={0}>
                    <form
                        onSubmit={(event) => void send(event)}
                        onPaste={(event) => {
                            const pasted = filesOf(event.clipboardData);
                            if (pasted.length > 0) {
                                event.preventDefault();
                                uploads.add(pasted);
                            }
                        }}
                        noValidate
                    >
                        <Stack>
                            <AccountPicker
                                chosen={
                                    account ??
                                    viewer.accounts.find(({ id }) => id === values.accountId) ??
                                    (values.accountId === "" ? undefined : { id: values.accountId })
                                }
                                className={wanted("accountId")}
                                error={form.errors.fields["accountId"]}
                                onPick={(picked, locationId) => {
                                    const other = picked.id !== values.accountId;
                                    set({
                                        accountId: picked.id,
                                        locationId: locationId ?? (other ? "" : values.locationId),
                                        ...(locationId === undefined ? {} : { locationNotListed: false }),
                                        ...(other || locationId !== undefined ? { productId: "" } : {}),
                                        ...(other
                                            ? {
                                                  contactId: "",
                                                  watchers: values.watchers.filter((text) => text.includes("@")),
                                              }
                                            : {}),
                                    });
                                }}
                            />
                            <Select
                                id="type"
                                label={labels.type}
                                description={
                                    type?.covers ? t("create.covers", { covers: type.covers }) : t("create.typeHelp")
                                }
                                inputWrapperOrder={["label", "input", "description", "error"]}
                                placeholder={t("create.choose")}
                                withAsterisk
                                required
                                allowDeselect={false}
                                classNames={{ input: wanted("type") }}
                                error={form.errors.fields["type"]}
                                data={choices(types)}
                                value={values.type || null}
                                onChange={(key) => set({ type: key ?? "", category: "" })}
                            />
                            <Select
                                id="category"
                                label={labels.category}
                                description={values.type === "" ? t("create.typeFirst") : undefined}
                                placeholder={t("create.choose")}
                                withAsterisk
                                required
                                allowDeselect={false}
                                classNames={{ input: wanted("category") }}
                                error={form.errors.fields["category"]}
                                data={choices(type?.categories ?? [])}
                                value={values.category || null}
                                onChange={(key) => set({ category: key ?? "" })}
                            />
                            <Stack gap="xs">
                                <Select
                                    id="locationId"
                                    label={labels.locationId}
                                    description={values.accountId === "" ? t("create.accountFirst") : undefined}
                                    placeholder={t("create.choose")}
                                    withAsterisk={asks.location}
                                    required={asks.location}
                                    searchable
                                    clearable={!asks.location}
                                    allowDeselect={false}
                                    disabled={values.locationNotListed}
                                    classNames={{ input: wanted("locationId") }}
                                    error={form.errors.fields["locationId"]}
                                    nothingFoundMessage={t("create.noLocation")}
                                    data={locations}
                                    value={values.locationId || null}
                                    onChange={(id) => set({ locationId: id ?? "", productId: "" })}
                                />
                                <Checkbox
                                    label={t("create.locationNotListed")}
                                    checked={values.locationNotListed}
                                    onChange={(event) => {
                                        const { checked } = event.currentTarget;
                                        set({
                                            locationNotListed: checked,
                                            ...(checked
                                                ? { locationId: "", productId: "", productNotListed: true }
                                                : { productNotListed: false }),
                                        });
                                    }}
                                />
                            </Stack>
                            <Stack gap="xs">
                                <Select
                                    id="productId"
                                    label={labels.productId}
                                    description={
                                        values.accountId === ""
                                            ? t("create.accountFirst")
                                            : productsReady && products.length === 0 && !values.productNotListed
                                              ? t("create.noProducts")
                                              : undefined
                                    }
                                    placeholder={t("create.choose")}
                                    withAsterisk={asks.product}
                                    required={asks.product}
                                    searchable
                                    clearable={!asks.product}
                                    allowDeselect={false}
                                    disabled={values.productNotListed || values.locationNotListed}
                                    classNames={{ input: wanted("productId") }}
                                    error={form.errors.fields["productId"]}
                                    nothingFoundMessage={t("create.noProduct")}
                                    data={products}
                                    value={values.productId || null}
                                    onChange={(id) => set({ productId: id ?? "" })}
                                />
                                <Checkbox
                                    label={t("create.productNotListed")}
                                    checked={values.productNotListed}
                                    disabled={values.locationNotListed}
                                    onChange={(event) =>
                                        set({ productNotListed: event.currentTarget.checked, productId: "" })
                                    }
                                />
                            </Stack>
                            <Select
                                id="contactId"
                                label={labels.contactId}
                                withAsterisk
                                required
                                searchable={people.length > 1}
                                allowDeselect={false}
                                classNames={{ input: wanted("contactId") }}
                                error={form.errors.fields["contactId"]}
                                placeholder={t("create.choose")}
                                data={people}
                                value={values.contactId || null}
                                onChange={(id) => set({ contactId: id ?? "" })}
                            />
                            <TextInput
                                id="subject"
                                label={labels.subject}
                                description={t("create.subjectHelp")}
                                maxLength={255}
                                error={form.errors.fields["subject"]}
                                value={values.subject}
                                onChange={(event) => set({ subject: event.currentTarget.value })}
                            />
                            <LongText
                                most={32_000}
                                id="description"
                                label={labels.description}
                                withAsterisk
                                required
                                minRows={5}
                                maxRows={20}
                                classNames={{ input: wanted("description") }}
                                error={form.errors.fields["description"]}
                                value={values.description}
                                onChange={(event) => set({ description: event.currentTarget.value })}
                            />
                            <TagsInput
                                id="watchers"
                                label={labels.watchers}
                                description={t("create.watchersHelp")}
                                maxTags={20}
                                splitChars={[",", ";"]}
                                acceptValueOnBlur
                                error={unknownWatchers ?? form.errors.fields["watchers"]}
                                data={people.map(({ label }) => label)}
                                value={values.watchers}
                                onChange={(watchers) => set({ watchers })}
                            />
                            <Stack gap={4}>
                                <Text size="sm" fw={600} id="uploads" tabIndex={-1}>
                                    {labels.uploads}
                                </Text>
                                <Suspense fallback={<Skeleton height={72} />}>
                                    <FileField uploads={uploads} label={labels.uploads} />
                                </Suspense>
                                {form.errors.fields["uploads"] ? (
                                    <Text size="sm" c="red.8">
                                        {form.errors.fields["uploads"]}
                                    </Text>
                                ) : null}
                            </Stack>
                            <Group>
                                <Button type="submit" loading={busy}>
                                    {t("create.submit")}
                                </Button>
                                <Anchor component={Link} to="/support" size="sm">
                                    {t("create.later")}
                                </Anchor>
                            </Group>
                        </Stack>
                    </form>
                </Box>
            </Flex>
        </Page>
    );
}
