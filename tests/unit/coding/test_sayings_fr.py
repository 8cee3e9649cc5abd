"""How people say it in French: each sentence with the terms it must give; a minus sign marks a term it denies."""

import pytest

from untoward.tasks.knowledge import case_names

CODER = case_names().text_reader().coder


def coded(text):
    """The terms said of the patient, each with a minus sign when it is denied."""
    return {
        ("-" if term.negated else "") + term.term
        for term in CODER.code(text).terms
        if term.subject.value == "patient" and not term.conditional
    }


STATED = [
    ("j'ai les yeux tout gonflés, on dirait que j'ai pris une droite", "angioedema"),
    ("plus de voix, je chuchote", "hoarse-voice"),
    ("elle fait un bruit aigu à chaque inspiration", "stridor"),
    ("j'arrive pas à reprendre mon souffle, je suffoque", "breathlessness"),
    ("ses lèvres ont viré au bleu", "cyanosis"),
    ("couverte de plaques d'urticaire, ça me gratte de la tête aux pieds", "hives generalised-itch"),
    ("la peau s'en va en lambeaux, la bouche pleine d'aphtes", "skin-detachment mouth-ulcers"),
    ("les yeux rouges qui piquent et ça éternue sans arrêt", "red-eyes sneezing"),
    ("à la deuxième injection du même produit c'est revenu direct", "positive-rechallenge"),
    ("en arrêt de travail depuis une semaine, impossible de conduire", "prevents-activity"),
    ("je prends du doliprane toutes les six heures depuis trois jours", "repeated-painkiller"),
    ("crème à la cortisone et pommade antibiotique", "topical-treatment"),
    ("transfusée de deux culots", "transfusion-needed"),
    ("diabétique type 2, sous plavix", "diabetes antiplatelet"),
    ("enceinte de trois mois sans le savoir", "pregnancy"),
    ("terrain atopique, rhume des foins", "atopy"),
    ("j'ai une thyroïdite d'Hashimoto", "thyroid-disease"),
    (
        "une esthéticienne m'a piquée dans une chambre d'hôtel avec un flacon acheté sur internet",
        "unlicensed-injector non-clinical-setting unlicensed-product",
    ),
    ("j'ai pris un bain le soir même et rincé à l'eau du robinet", "tap-water-contact"),
    ("je me sens vraiment pas bien, patraque", "malaise"),
    ("la tête comme un tambour et la nuque raide", "headache stiff-neck"),
    ("gastro, je me vide depuis hier", "diarrhoea"),
    ("les genoux enflés, je peux plus les plier", "swollen-joints"),
    ("perdu 6 kilos en un mois", "weight-loss"),
    ("l'endroit s'est infecté, c'est chaud et ça suinte vert", "injection-site-infection warmth pus"),
    ("la rougeur a doublé depuis ce matin, elle arrive au genou", "spreading-redness"),
    ("des ganglions à l'aine gros comme des noix", "lymph-node-swelling"),
    ("douleur démesurée par rapport à ce qu'on voit", "pain-out-of-proportion"),
    ("culture stérile à J5", "culture-no-growth"),
    ("ça saigne encore, j'ai trempé trois compresses", "bleeding"),
    ("la peau pèle comme un coup de soleil", "peeling"),
    ("j'ai les jambes en coton", "weakness"),
    ("la tête qui tombe, je la tiens avec la main", "generalised-weakness"),
    ("je vois en double et l'oeil gauche est tout noir", "double-vision vision-loss"),
    ("vue trouble, comme un voile devant l'oeil", "blurred-vision"),
    ("la lumière me fait mal", "photophobia"),
    ("mes paupières sont lourdes, j'arrive pas à les garder ouvertes", "ptosis"),
    ("il convulsait, les yeux révulsés", "seizure"),
    ("elle ne savait plus où elle était", "confusion"),
    ("Glasgow 3, ne répond à rien", "coma"),
    ("les oreilles qui sifflent et un goût de ferraille", "tinnitus metallic-taste"),
    ("une tache marron qui part pas", "hyperpigmentation"),
    ("la peau a perdu sa couleur, plus claire", "hypopigmentation"),
    ("les tissus meurent, c'est noir", "necrosis"),
    ("un trou dans la fesse, le gras a fondu", "lipoatrophy"),
    ("pipi couleur coca et j'urine presque plus", "dark-urine little-urine"),
    ("bilan hépatique perturbé, jaunisse", "liver-injury jaundice"),
    ("embolie au poumon, hospitalisée 6 jours", "pulmonary-embolism hospital-admission"),
    ("la peau est blanche autour de la narine et ne se recolore pas", "pallor slow-capillary-refill"),
    ("un poids sur la poitrine, le coeur qui s'emballe", "chest-pain palpitations"),
    ("petites taches violettes qui ne s'effacent pas au verre", "non-blanching-rash"),
    ("tourné de l'oeil quelques secondes dans le fauteuil", "faint"),
    ("ma langue est devenue énorme, je n'arrive plus à la rentrer", "tongue-swelling"),
    ("impression que la gorge se ferme, voix de canard", "throat-tightness hoarse-voice"),
    ("ça me démange de partout, même la plante des pieds", "generalised-itch"),
    ("angoisse terrible, persuadée de mourir", "sense-of-doom"),
    ("marque rouge pile à la forme du sparadrap, ça gratte", "contact-dermatitis itch"),
    ("j'ai rougi d'un coup du visage et le nez s'est mis à couler", "flushing sneezing"),
    ("refait avec le même produit, les plaques sont revenues en cinq minutes", "positive-rechallenge"),
    ("finalement c'était une piqûre d'araignée", "other-cause-likely"),
    ("plus on augmente la dose plus je gonfle", "dose-related"),
    ("prick test positif à la hyaluronidase", "mechanism-shown"),
    ("cette tache, je l'avais déjà avant les piqûres", "there-before"),
    ("le docteur m'a mise en arrêt quinze jours", "prevents-activity"),
    ("mon mari doit m'habiller et me laver les cheveux", "limits-self-care"),
    ("on a fait le 15, le SMUR a fait de l'adrénaline", "emergency-visit adrenaline-given"),
    ("pommade à la cortisone et cachets d'antihistaminique", "topical-treatment oral-treatment"),
    ("la dermato a diagnostiqué un granulome annulaire", "granuloma-annulare clinician-diagnosis"),
    ("je me cache sous des foulards et je sors plus", "psychosocial-impact"),
    ("cancer du sein sous chimio, plus de rate", "immunosuppression"),
    ("sous préviscan et kardégic, deux stents", "anticoagulant antiplatelet heart-disease"),
    ("j'ai toujours mon anapen sur moi pour les guêpes", "previous-anaphylaxis"),
    ("asthme avec du symbicort, emphysème", "asthma copd"),
    ("malaise chez le dentiste avec l'anesthésie", "local-anaesthetic-allergy"),
    ("insuffisance rénale chronique, hépatite C, Crohn", "kidney-disease liver-disease autoimmune-disease"),
    ("je fume un paquet par jour", "smoker"),
    ("je me suis rincée au robinet et j'ai été à la piscine le lendemain", "tap-water-contact"),
    ("elle a appris sur youtube, elle pique dans sa caravane", "unlicensed-injector non-clinical-setting"),
    (
        "piquée à Istanbul, deux autres du groupe ont aussi une infection",
        "travel-for-treatment others-affected",
    ),
    ("tremblante de froid sous trois couettes, vidée", "chills fatigue"),
    ("le crâne qui explose et tout qui tourne", "headache dizziness"),
    ("pas été à la selle depuis six jours", "constipation"),
    ("je me réveille trempée, je change les draps", "night-sweats"),
    ("c'est tout purulent, rouge et chaud, ça lance", "pus redness warmth pain"),
    ("gros clou avec une tête blanche", "abscess"),
    (
        "ça craque sous les doigts, douleur bien plus forte que ce qu'on voit",
        "crepitus pain-out-of-proportion",
    ),
    ("la cloque est devenue violette pleine de sang", "haemorrhagic-blister"),
    ("zona du même côté", "herpes"),
    ("bosse grosse comme un oeuf, sensible", "nodule tenderness"),
    ("fourmis jusque dans les doigts, pouce mort", "paraesthesia numbness"),
    ("le filler est descendu dans la bajoue", "filler-migration"),
    ("bouche de travers, je peux plus siffler", "facial-asymmetry"),
    ("nerf touché, pied qui traîne depuis", "nerve-injury weakness"),
    ("oeil gauche tout noir pendant dix minutes", "vision-loss"),
    ("tout est flou et la lumière m'agresse", "blurred-vision photophobia"),
    ("il a convulsé puis racontait n'importe quoi", "seizure confusion"),
    ("bourdonnements d'oreilles et lèvres engourdies après l'anesthésie", "tinnitus perioral-tingling"),
    ("un bout de peau morte est tombé, ça a laissé un cratère", "ulcer necrosis"),
    ("des vagues et des creux sur les cuisses", "contour-irregularity"),
    ("le blanc des yeux jaune et les urines comme du thé", "jaundice dark-urine"),
    ("créatinine 480, anurie", "kidney-failure little-urine"),
    ("elle est décédée en réa", "death hospital-admission"),
    ("blanchi d'un coup puis marbré, TRC à 5 secondes", "pallor livedo slow-capillary-refill"),
    ("tension dans les chaussettes, moite", "low-blood-pressure pale-clammy"),
    ("arrêt cardiaque au cabinet, choquée deux fois", "cardiac-arrest"),
    ("un bruit de phoque quand elle inspire", "stridor"),
    ("FR à 32, elle halète, sat qui chute", "fast-breathing low-oxygen"),
    ("trop épuisé pour continuer à respirer", "exhaustion"),
    ("j'éternue en rafale et mes yeux pleurent sans arrêt", "sneezing red-eyes"),
    ("demi dose, moitié moins de gonflement", "dose-related swelling"),
    ("lidocaïnémie toxique au labo", "toxic-level"),
    ("clouée au lit depuis vendredi", "prevents-activity"),
    ("trois poches de sang", "transfusion-needed"),
    ("j'ose plus voir personne avec cette tête", "psychosocial-impact"),
    ("sous humira pour un crohn", "immunosuppression autoimmune-disease"),
    ("diabète sous metformine, ancien fumeur", "diabetes smoker"),
    ("pacemaker et plaquettes basses", "heart-disease bleeding-disorder"),
    ("Basedow traitée", "thyroid-disease"),
    ("myopathie", "neuromuscular-disease"),
    ("pas d'étiquette sur le flacon, pris sur ebay", "unlicensed-product"),
    ("je me suis piquée moi même dans la salle de bain", "unlicensed-injector non-clinical-setting"),
    ("fini une semaine d'augmentin, toujours aussi moche", "antibiotic-taken antibiotic-failure"),
    ("j'avais déjà réagi la dernière fois, même gonflement", "previous-reaction-to-same swelling"),
    ("crevée et plus d'appétit", "fatigue decreased-appetite"),
    ("la nuque bloquée et la lumière me gêne", "stiff-neck photophobia"),
]

DENIED = [
    ("vue normale, j'avale sans souci, visage symétrique", "-vision-loss -dysphagia -facial-asymmetry"),
    ("pas de cloque ni d'ulcère ni d'écoulement", "-blister -ulcer -pus"),
    ("respire normalement, langue pas enflée, pas d'urticaire", "-breathlessness -tongue-swelling -hives"),
    ("visage symétrique, parole fluide, pas de faiblesse", "-facial-asymmetry -slurred-speech -weakness"),
    ("vue normale, pas de douleur à l'oeil, paupières normales", "-vision-loss -eye-pain -ptosis"),
    ("pas tombée dans les pommes, pas vomi, pas de fièvre", "-faint -vomiting -fever"),
    ("j'avale bien, je ne bave pas, voix normale", "-dysphagia -drooling -hoarse-voice"),
    (
        "pas de douleur thoracique, pas de dyspnée, pas de palpitations",
        "-chest-pain -breathlessness -palpitations",
    ),
    ("pas chaud, pas de boule, pas de bleu", "-warmth -nodule -bruise"),
    ("bille sous la peau, pas de douleur", "nodule -pain"),
    ("pas d'engourdissement, pas de faiblesse, vue claire", "-numbness -weakness -vision-loss"),
    ("respiration ok, pas gonflé, éruption partie", "-breathlessness -swelling"),
    ("pas sous anticoagulant, lèvres gonflées", "-anticoagulant lip-swelling"),
    ("pas de fièvre mais la peau devient noire", "-fever necrosis"),
]

STATED_BY_A_NEGATION = [
    ("elle ne savait plus où elle était", "confusion"),
    ("je n'arrive plus à ouvrir l'oeil", "ptosis"),
    ("je ne vois plus rien de l'oeil gauche", "vision-loss"),
]

HARMLESS = [
    "Très contente du résultat, merci beaucoup",
    "Quand est-ce que je peux me maquiller ?",
    "dans combien de temps on voit la différence",
    "rendez-vous pris pour la deuxième séance le 14",
    "Je peux aller à la salle demain ?",
    "faut-il masser",
    "quelle crème vous conseillez après",
    "L'infirmière était très gentille",
    "je peux prendre l'avion la semaine prochaine",
    "mon rendez-vous a été déplacé à jeudi",
    "j'ai payé trois seringues",
    "Rappelez-moi quand vous êtes libre",
    "j'ai pris une photo ce matin",
    "promenade avec le chien puis un café",
    "les enfants ont repris l'école",
    "j'ai bu deux litres d'eau hier",
    "combien d'unités dans le front ?",
    "j'aimerais un peu plus de volume la prochaine fois",
    "rien à signaler, tout est parfait",
    "bien dormi, bien mangé, en pleine forme",
    "mon mari me trouve rajeunie",
    "je peux boire un verre de vin ce soir ?",
    "où est le parking",
    "consentement signé, photos faites, séance bien tolérée",
    "revue à J15, contente, rien de particulier",
    "éviter l'alcool 24 h",
    "je travaille dans une école",
    "j'ai les cheveux bruns",
    "la lumière de la salle de bain ne marche plus",
    "mon frère est médecin",
]


@pytest.mark.parametrize(("text", "terms"), STATED)
def test_a_saying_gives_its_terms(text, terms):
    assert set(terms.split()) <= coded(text)


@pytest.mark.parametrize(("text", "terms"), DENIED)
def test_a_denial_is_read_as_one(text, terms):
    found = coded(text)
    assert set(terms.split()) <= found
    assert not {term[1:] for term in terms.split() if term.startswith("-")} & found


@pytest.mark.parametrize(("text", "term"), STATED_BY_A_NEGATION)
def test_what_cannot_be_done_states_the_sign(text, term):
    found = coded(text)
    assert term in found
    assert f"-{term}" not in found


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_talk_names_nothing(text):
    assert CODER.code(text).terms == ()
