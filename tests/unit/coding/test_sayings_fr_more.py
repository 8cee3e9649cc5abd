"""French as patients and nurses write it: each sentence with the terms that must be found in it, a minus before a denied one."""

from __future__ import annotations

import pytest

from untoward.coding.coder import Coder
from untoward.coding.lexicon import default_lexicon
from untoward.model.coding import Subject
from untoward.tasks.knowledge import evidence

SAYINGS = [
    ("j'ai les babines qui ont triplé et la langue qui prend toute la place", "lip-swelling tongue-swelling"),
    ("je cherche mon air depuis la piqûre pis j'ai la gorge qui pogne", "breathlessness throat-tightness"),
    ("ma voix est partie d'un coup, je parle comme un canard", "hoarse-voice"),
    ("je suis couverte de plaques qui me grattent de la tête aux pieds", "generalised-itch hives"),
    ("je vois comme à travers un rideau de l'oeil gauche, plus rien en bas", "vision-loss"),
    ("l'œil est devenu tout noir après l'injection dans le nez", "vision-loss"),
    ("je vois deux téléphones au lieu d'un", "double-vision"),
    ("ma paupière se ferme toute seule, elle pend", "ptosis"),
    ("j'ai la bouche qui part à gauche quand je parle, ça mâche les mots", "facial-asymmetry slurred-speech"),
    ("j'avale de travers, même l'eau ressort par le nez, je bave", "drooling dysphagia"),
    ("depuis 3 jours j'ai la tremblote, 39 de fièvre et je claque des dents", "chills fever"),
    (
        "Pte fébrile 38,9, frissons, abcès fluctuant flanc D, mise sous Augmentin PO",
        "abscess antibiotic-taken chills fever",
    ),
    ("le rouge remonte le long de la jambe, hier il s'arrêtait au genou", "spreading-redness"),
    ("y'a une traînée rouge qui monte vers l'aine et un ganglion", "lymph-node-swelling red-streak"),
    ("ça suppure et ça pue le poisson", "foul-smell pus"),
    ("la peau a noirci au centre et ça se creuse comme un cratère", "necrosis ulcer"),
    ("j'ai un trou à la place de la joue, la graisse a fondu", "lipoatrophy"),
    ("ça fait des vagues sous la peau, tôle ondulée", "contour-irregularity"),
    ("des petits grains durs comme des lentilles sous la peau", "nodule"),
    ("c'est dur comme du bois tout autour", "induration"),
    ("ça démange en maudit autour des piqûres mais pas de boutons ailleurs", "-generalised-rash itch"),
    ("ça pique et ça brûle comme une ortie", "burning"),
    (
        "aucune fièvre, aucun frisson, je respire bien et j'avale normalement",
        "-breathlessness -chills -dysphagia -fever",
    ),
    ("RAS, petit hématome en regorption", "haematoma"),
    ("T 36,8, apyrétique, TA 12/7, sat 98", "-fever"),
    ("elle a tourné de l'œil, toute blanche et trempée de sueur", "faint pale-clammy"),
    ("il s'est écroulé, il ne répondait plus, massage cardiaque par les pompiers", "cardiac-arrest collapse"),
    ("mon coeur bat la chamade et j'ai la tête qui tourne", "dizziness palpitations"),
    ("j'ai un étau dans la poitrine", "chest-pain"),
    ("j'ai pas pissé depuis hier et c'est couleur coca", "dark-urine little-urine"),
    ("elle délire, elle ne sait plus où elle est", "confusion"),
    ("elle a convulsé dix minutes après la lidocaïne", "seizure"),
    ("j'entends des cloches dans les oreilles et j'ai un goût de ferraille", "metallic-taste tinnitus"),
    ("j'ai les lèvres et le tour de la bouche qui fourmillent", "perioral-tingling"),
    ("je suis raplapla, courbaturée de partout, j'ai pas faim", "decreased-appetite fatigue muscle-pain"),
    ("j'ai vomi tripes et boyaux toute la nuit", "vomiting"),
    ("pas de nausées, pas de vomissement, transit normal", "-diarrhoea -nausea -vomiting"),
    ("je suis sous préviscan et cardensiel", "anticoagulant"),
    ("chimio finie en mars, je suis greffée du rein", "immunosuppression"),
    ("j'attends un bébé, 12 semaines", "pregnancy"),
    ("je donne encore la tétée", "breastfeeding"),
    ("je clope un paquet par jour", "smoker"),
    (
        "elle m'a piquée dans sa cuisine avec un produit acheté sur internet",
        "non-clinical-setting unlicensed-product",
    ),
    ("une autre cliente du même jour a les mêmes boules", "others-affected"),
    ("je l'ai fait en Tunisie pendant les vacances", "travel-for-treatment"),
    ("l'antibio ne fait rien, ça continue de couler après 3 semaines", "antibiotic-failure draining-sinus"),
    ("prélèvement stérile, rien n'a poussé", "culture-no-growth"),
    ("je marche avec des béquilles, impossible de bosser", "limits-activity prevents-activity"),
    ("mon mari doit m'habiller, je ne peux plus lever le bras", "limits-self-care"),
    ("on m'a donné de la cortisone en comprimés, 3 jours de Solupred", "systemic-steroid"),
    ("je prends du doliprane toutes les 6h depuis 4 jours", "repeated-painkiller"),
    ("j'ai fini aux urgences, une nuit en observation", "emergency-visit hospital-admission"),
    ("je n'ose plus sortir de chez moi tellement c'est moche", "psychosocial-impact"),
    ("ça m'a laissé une marque foncée", "hyperpigmentation"),
    ("si jamais ça gonfle au visage je dois venir ? sinon juste un petit bleu", "bruise"),
    ("j'ai la face enflée ben raide à matin", "angioedema"),
    ("elle est devenue grise, elle sature à 84", "low-oxygen"),
    ("on lui a fait l'épipen dans la cuisse", "adrenaline-given"),
    ("des marbrures violettes en dentelle sur la fesse", "livedo"),
    ("la pointe du nez est blanche et la peau se recolore lentement", "pallor slow-capillary-refill"),
    ("j'ai la narine qui devient noire", "necrosis"),
    ("sensation de carton sous les doigts, peau très dure", "induration"),
    ("j'ai mal à me taper la tête contre les murs", "pain-out-of-proportion"),
    ("pas de pus, pas d'odeur, juste un liquide clair", "-foul-smell -pus clear-discharge"),
    ("ça craque sous les doigts comme du papier bulle", "crepitus"),
    ("hémocultures positives, choc septique, noradrénaline", "sepsis"),
    ("trois cures d'antibiotiques et toujours des nodules", "antibiotic-failure nodule"),
    ("je vois embrouillé de l'oeil droit", "blurred-vision"),
    ("ma jambe me lâche quand je monte les marches", "weakness"),
    ("sourcil plus haut d'un côté, effet spock", "facial-asymmetry"),
    ("vision ok, motricité ok, pas de céphalée", "-headache"),
    ("elle ne se réveille pas, on n'arrive pas à la faire réagir", "coma"),
    ("mes cheveux tombent par poignées là où ils ont piqué", "alopecia"),
    ("la peau pèle et il reste une trace brune", "hyperpigmentation peeling"),
    ("cernes bleutés depuis l'acide hyaluronique", "tyndall-effect"),
    ("un gros creux dans la fesse là où on m'a piquée", "lipoatrophy"),
    ("ça m'a refait la même chose qu'à la première séance", "previous-reaction-to-same"),
    ("pte sous kardegic, tabac 10 PA, HTA", "antiplatelet smoker"),
    ("flacon sans étiquette, acheté sur telegram", "unlicensed-product"),
    (
        "séance faite dans une chambre d'hôtel par une fille trouvée sur insta",
        "non-clinical-setting unlicensed-injector",
    ),
    ("mise sous perf d'Augmentin, bonne évolution", "antibiotic-taken intravenous-treatment"),
    ("elle a 3 nuits d'hôpital et des séquelles à vie", "disability hospital-admission"),
    ("je peux pas m'asseoir ni conduire", "limits-activity"),
    ("prurit localisé, pas de lésion cutanée", "itch"),
    ("tout va bien, juste un peu rouge", "redness"),
    ("je n'ai plus de règles normales, je saigne tout le temps", "menstrual-bleeding"),
    ("petites bulles groupées sur la lèvre, ça picote", "herpes"),
    ("pas mal au ventre, pas de diarrhée", "-abdominal-pain -diarrhoea"),
    ("j'ai un pois dur sous la peau, pas rouge, pas chaud", "-redness -warmth nodule"),
    ("il est mort d'une embolie graisseuse", "death pulmonary-embolism"),
]

HARMLESS = [
    "Bonjour docteur, je voudrais un rendez-vous pour la prochaine séance",
    "merci beaucoup, à bientôt",
    "je suis très contente du résultat",
    "est-ce que je peux reprendre le sport demain ?",
    "j'ai mangé une soupe et bu un café ce matin",
    "ma fille a eu son bac, on fait la fête samedi",
    "je prends la route pour Lyon ce soir",
    "combien coûte une séance de mésothérapie ?",
    "puis-je me maquiller après les injections ?",
    "je me suis couchée tôt et j'ai bien dormi",
    "le cabinet est à côté de la boulangerie",
    "quand est la prochaine dose ?",
    "je vous envoie une photo de la zone",
    "peut-on boire de l'alcool ce soir ?",
    "j'ai bien reçu l'ordonnance",
    "mon mari trouve que c'est réussi",
    "je porte la gaine tous les jours",
    "j'ai marché une heure au parc",
    "la peau est lisse et douce",
    "je repars en vacances à la mer en août",
    "le docteur est très doux, je n'ai rien senti",
    "j'ai acheté des noisettes et des pois chiches au marché",
    "la voiture fait un bruit",
    "on se revoit dans quinze jours pour le contrôle",
    "le secrétariat ne répond plus au téléphone",
    "j'ai cherché mon dossier partout",
    "je suis en retard, je cherche une place pour me garer",
    "tout est parti au bout de trois jours, parfait",
    "j'ai fait mes courses et le ménage",
]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(evidence().terms, default_lexicon())


def found(coder: Coder, text: str) -> set[str]:
    """The terms of the patient, those denied with a minus before them."""
    coded = coder.code(text).terms
    own = [term for term in coded if term.subject is Subject.PATIENT and not term.conditional]
    return {f"-{term.term}" if term.negated else term.term for term in own}


@pytest.mark.parametrize(("text", "expected"), SAYINGS)
def test_says_what_was_meant(coder: Coder, text: str, expected: str) -> None:
    assert set(expected.split()) <= found(coder, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_sentence_names_no_finding(coder: Coder, text: str) -> None:
    assert {term for term in found(coder, text) if not term.startswith("-")} == set()
