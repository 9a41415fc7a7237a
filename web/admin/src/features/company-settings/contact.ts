import type { Company } from "@arv/api-client";

type Contact = Company["contact"];

/** The fields of the contact as a form shows them: all texts, empty where nothing is known. */
export interface ContactFields {
  name: string;
  email: string;
  phone: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
}

export function fieldsOf({ name, email, phone, address }: Contact): ContactFields {
  const { street, postal_code, city, country } = address ?? {};
  const fields = { name, email, phone, street, postal_code, city, country };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value ?? ""]),
  ) as unknown as ContactFields;
}

/** What is sent: nothing in place of an empty field, and no address at all when none of it is filled in. */
export function contactOf(fields: ContactFields): Contact {
  const known = (value: string) => value.trim() || null;
  const address = {
    street: known(fields.street),
    postal_code: known(fields.postal_code),
    city: known(fields.city),
    country: known(fields.country)?.toUpperCase() ?? null,
  };
  return {
    name: known(fields.name),
    email: known(fields.email),
    phone: known(fields.phone),
    address: Object.values(address).some(Boolean) ? address : null,
  };
}
