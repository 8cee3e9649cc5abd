"""What people are told in a recall: a letter of one page and a short message, in their language. Calm, and no diagnosis.

The reason of the recall is in no letter: it is written for colleagues, and may name others.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from untoward.registry.models import Clinic, Recall
from untoward.tasks.record.check_in_texts import language_or, said_date
from untoward.tasks.record.emergency_card import numbers_to_call
from untoward.tasks.record.recalls import Exposed

_TELEPHONE = re.compile(r"\+[\d ()./-]{5,25}")
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "dear": "Dear {name},",
        "to": "To our patient {name}",
        "what": "At our clinic you were given a product that has now been taken out of use as a precaution.",
        "product": "Product",
        "lot": "Lot",
        "days": "Given to you on",
        "calm": "This does not mean that anything is wrong with you. Most people who were given it are well. "
        "We write to everybody who was given it, so that nothing is missed.",
        "watch": "Please look at the places that were injected, now and once a week for the next six months. "
        "Call us if you notice any of these, even if it seems small:",
        "signs": "a lump, or a hard or sore place\nredness, warmth or swelling\na wound that does not heal, or fluid coming out\n"
        "fever, or feeling ill without another reason",
        "not_squeeze": "Please do not squeeze or treat it yourself. Show this letter to any doctor who sees you.",
        "call": "Call us: {phone}. Please call once in any case, so that we know the letter reached you.",
        "call_no_phone": "Please contact us once in any case, so that we know the letter reached you.",
        "emergency": "Call {number} at once if it is hard to breathe, if you cannot see well, "
        "or if you feel very ill with fever.",
        "message": "{clinic}: please call us about your visit on {date}. {phone}",
        "sign": "With kind regards",
    },
    "es": {
        "dear": "Estimado/a {name}:",
        "to": "A nuestro/a paciente {name}",
        "what": "En nuestra clínica le pusimos un producto que ahora se ha retirado como medida de precaución.",
        "product": "Producto",
        "lot": "Lote",
        "days": "Se lo pusimos el",
        "calm": "Esto no significa que le pase algo malo. La mayoría de las personas que lo recibieron están bien. "
        "Escribimos a todas ellas para que nada se pase por alto.",
        "watch": "Mire los lugares de las inyecciones ahora y una vez por semana durante los próximos seis meses. "
        "Llámenos si nota algo de esto, aunque parezca poco:",
        "signs": "un bulto, o una zona dura o dolorida\nenrojecimiento, calor o hinchazón\n"
        "una herida que no se cierra, o que suelta líquido\nfiebre, o malestar sin otra causa",
        "not_squeeze": "No lo apriete ni lo trate por su cuenta. Enseñe esta carta a cualquier médico que le vea.",
        "call": "Llámenos: {phone}. Llame una vez en todo caso, para que sepamos que la carta le ha llegado.",
        "call_no_phone": "Póngase en contacto con nosotros en todo caso, para que sepamos que la carta le ha llegado.",
        "emergency": "Llame ya al {number} si le cuesta respirar, si no ve bien, o si se siente muy mal y tiene fiebre.",
        "message": "{clinic}: por favor, llámenos por su visita del {date}. {phone}",
        "sign": "Un saludo",
    },
    "pt": {
        "dear": "Prezado(a) {name},",
        "to": "Ao nosso paciente / à nossa paciente {name}",
        "what": "Na nossa clínica você recebeu um produto que agora foi retirado de uso por precaução.",
        "product": "Produto",
        "lot": "Lote",
        "days": "Aplicado em",
        "calm": "Isto não quer dizer que haja algo errado com você. A maioria das pessoas que o receberam está bem. "
        "Escrevemos a todas elas para que nada passe despercebido.",
        "watch": "Olhe os lugares das injeções agora e uma vez por semana nos próximos seis meses. "
        "Ligue para nós se notar algo disto, mesmo que pareça pouco:",
        "signs": "um caroço, ou um lugar duro ou dolorido\nvermelhidão, calor ou inchaço\n"
        "uma ferida que não fecha, ou que solta líquido\nfebre, ou mal-estar sem outra causa",
        "not_squeeze": "Não aperte nem trate por conta própria. Mostre esta carta a qualquer médico que atenda você.",
        "call": "Ligue para nós: {phone}. Ligue uma vez em qualquer caso, para sabermos que a carta chegou.",
        "call_no_phone": "Fale conosco uma vez em qualquer caso, para sabermos que a carta chegou.",
        "emergency": "Ligue já para {number} se for difícil respirar, se não enxergar bem, "
        "ou se estiver muito mal e com febre.",
        "message": "{clinic}: por favor, ligue para nós sobre a sua visita de {date}. {phone}",
        "sign": "Atenciosamente",
    },
    "fr": {
        "dear": "Bonjour {name},",
        "to": "À l'attention de {name}",
        "what": "Dans notre clinique, vous avez reçu un produit qui vient d'être retiré par précaution.",
        "product": "Produit",
        "lot": "Lot",
        "days": "Vous l'avez reçu le",
        "calm": "Cela ne veut pas dire que quelque chose ne va pas chez vous. La plupart des personnes qui l'ont reçu "
        "vont bien. Nous écrivons à toutes, pour ne rien manquer.",
        "watch": "Regardez les endroits injectés maintenant, puis une fois par semaine pendant six mois. "
        "Appelez-nous si vous remarquez un de ces signes, même petit :",
        "signs": "une boule, ou un endroit dur ou douloureux\nune rougeur, de la chaleur ou un gonflement\n"
        "une plaie qui ne se ferme pas, ou qui coule\nde la fièvre, ou un malaise sans autre cause",
        "not_squeeze": "Ne pressez pas et ne traitez pas vous-même. Montrez cette lettre à tout médecin qui vous voit.",
        "call": "Appelez-nous : {phone}. Appelez une fois dans tous les cas, pour que nous sachions que la lettre est arrivée.",
        "call_no_phone": "Contactez-nous une fois dans tous les cas, pour que nous sachions que la lettre est arrivée.",
        "emergency": "Appelez le {number} tout de suite si vous respirez mal, si vous voyez mal, "
        "ou si vous êtes très malade avec de la fièvre.",
        "message": "{clinic} : merci de nous appeler au sujet de votre visite du {date}. {phone}",
        "sign": "Bien cordialement",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One page for one person, in `language`."""

    language: str
    written: str
    dear: str
    what: str
    facts: tuple[tuple[str, str], ...]
    calm: str
    watch: str
    signs: tuple[str, ...]
    not_squeeze: str
    call: str
    emergency: str
    sign: str
    clinic: Clinic


def letter(recall: Recall, person: Exposed, now: datetime) -> Letter:
    """The letter to somebody who got what is recalled."""
    patient, clinic = person.patient, person.patient.clinic
    language = language_or(patient.language)
    said = _TEXTS[language]
    lot = recall.lot or recall.vial.lot
    days = dict.fromkeys(said_date(visit.at, clinic, language) for visit in reversed(person.visits))
    number = " / ".join(numbers_to_call(clinic.country))
    return Letter(
        language=language,
        written=said_date(now, clinic, language),
        dear=said["dear" if patient.name else "to"].format(name=patient.name or patient.key),
        what=said["what"],
        facts=(
            (said["product"], lot.product.name),
            (said["lot"], lot.number),
            (said["days"], " · ".join(days)),
        ),
        calm=said["calm"],
        watch=said["watch"],
        signs=tuple(said["signs"].splitlines()),
        not_squeeze=said["not_squeeze"],
        call=said["call"].format(phone=clinic.phone) if clinic.phone else said["call_no_phone"],
        emergency=said["emergency"].format(number=number),
        sign=said["sign"],
        clinic=clinic,
    )


def message(person: Exposed) -> str:
    """A short message that asks for a call. It says nothing of anybody's health, for others may read it."""
    patient, clinic = person.patient, person.patient.clinic
    language = language_or(patient.language)
    date = said_date(person.last, clinic, language)
    return _TEXTS[language]["message"].format(clinic=clinic.name, date=date, phone=clinic.phone).strip()


def messages_csv(people: Iterable[Exposed]) -> str:
    """The messages as CSV for a mail or text service: key, name, contact, language, message. No cell is a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(("patient", "name", "contact", "language", "message"))
    for one in people:
        patient = one.patient
        row = (patient.key, patient.name, patient.contact, patient.language, message(one))
        writer.writerow([guarded(cell) for cell in row])
    return sheet.getvalue()


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe stands before what would be a formula. Telephone numbers stay."""
    risky = text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if risky and not _TELEPHONE.fullmatch(text) else text
