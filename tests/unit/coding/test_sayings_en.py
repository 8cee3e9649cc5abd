"""How people say it in English: each sentence with the terms it must give; a minus sign marks a term it denies."""

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
    ("my eyes have swelled up so much i look like ive been in a boxing match", "angioedema"),
    ("ive lost my voice completely, just a whisper comes out", "hoarse-voice"),
    ("she's making this awful crowing noise every time she breathes in", "stridor"),
    ("cant get a full breath in, puffing like a steam train just walking to the loo", "breathlessness"),
    ("his lips went a funny grey blue colour", "cyanosis"),
    ("broke out in massive welts on my tummy and legs half an hour after, nowhere near the jab", "hives"),
    ("skin is coming off in sheets on my back and my mouth is full of sores", "skin-detachment mouth-ulcers"),
    ("eyes are bloodshot and streaming, cant stop sneezing", "red-eyes sneezing"),
    ("had the same batch again in may and the lump came straight back", "positive-rechallenge"),
    ("been off work all week because of it, cant drive or pick up the baby", "prevents-activity"),
    ("living on paracetamol and ibuprofen round the clock for 3 days", "repeated-painkiller"),
    ("GP gave me a steroid course, 30mg pred for 5 days", "systemic-steroid"),
    ("they stuck a needle in and sucked the fluid out", "needle-drainage"),
    ("needed two units of blood", "transfusion-needed"),
    ("i wont leave the house, i hate how i look, crying every day", "psychosocial-impact"),
    ("type 1 diabetic, on apixaban for AF", "diabetes anticoagulant"),
    ("im 14 weeks gone and nobody asked", "pregnancy"),
    ("i get hayfever and eczema", "atopy"),
    ("underactive thyroid, coeliac", "thyroid-disease"),
    (
        "my aunty did it in her kitchen, she isnt a nurse or anything, got the stuff off instagram",
        "unlicensed-injector non-clinical-setting unlicensed-product",
    ),
    (
        "flew to Istanbul for the lipo jabs, a lot of the girls from the same day have lumps too",
        "travel-for-treatment others-affected",
    ),
    ("saw them draw up from the same bottle for three of us", "multi-dose-vial"),
    ("burning up, 39.2 on the thermometer, teeth chattering", "fever chills"),
    ("splitting head and i cant put my chin to my chest", "headache stiff-neck"),
    ("room was spinning and i nearly hit the deck", "dizziness"),
    ("haven't been for a poo in 6 days", "constipation"),
    ("knees and wrists have blown up, can't bend them", "swollen-joints"),
    ("shed a stone without trying since march", "weight-loss"),
    ("site looks infected, hot and angry and weeping green", "injection-site-infection pus warmth"),
    ("straw coloured fluid dribbling out of the puncture", "clear-discharge"),
    ("lump squidges like theres liquid in it", "fluctuance"),
    ("glands in my groin are up like eggs", "lymph-node-swelling"),
    ("whole calf is tight as a drum and wood hard", "tense-swelling"),
    ("swab came back negative, nothing grew", "culture-no-growth"),
    ("lab rang, its MRSA", "culture-positive"),
    ("blood wont stop, soaked three gauze pads", "bleeding"),
    ("massive blood lump under the skin, getting bigger by the minute", "haematoma"),
    ("my arm's so stiff I can't lift it over my head", "limited-movement"),
    ("filler has travelled up above my lip", "filler-migration"),
    ("neck so floppy i need to hold my head up", "generalised-weakness"),
    ("words coming out like im drunk", "slurred-speech"),
    ("it's all foggy out of my right eye, like looking thru vaseline", "blurred-vision"),
    ("hurts when i look left or right, and the eye is sticking out", "eye-movement-pain bulging-eye"),
    ("my eyelids are so heavy i cant keep them open", "ptosis"),
    ("choking on water, everything goes down the wrong way", "dysphagia"),
    ("she didnt know where she was or what day it is", "confusion"),
    ("pacing about, wont settle, pulling at her lines", "agitation"),
    ("ears are whistling and i taste pennies", "tinnitus metallic-taste"),
    ("hands trembling and i wet myself", "tremor incontinence"),
    ("brown stain left where the jabs were", "hyperpigmentation"),
    ("pale patches where the colour has gone out of my skin", "hypopigmentation"),
    ("tissue is dying, black scab", "necrosis"),
    ("fat pads have bulged out at each jab spot", "lipohypertrophy"),
    ("shiny hard white patch with a purple rim", "morphea"),
    ("tiny spots and blackheads all along the jaw", "acne-like-eruption"),
    ("on dialysis now because kidneys packed in", "kidney-failure"),
    ("LFTs through the roof", "liver-injury"),
    ("clot on the lung", "pulmonary-embolism"),
    ("spent five days in ITU, nearly lost her", "hospital-admission life-threatening"),
    ("lacy purple pattern on the thigh since the jab, and its freezing cold to touch", "livedo cold-skin"),
    ("crushing pressure on my chest, heart going like the clappers", "chest-pain palpitations"),
    ("grey and dripping with cold sweat", "pale-clammy"),
    ("keeled over at the desk, came to after a few secs", "faint"),
    (
        "me da's tongue was that big it wouldnt fit in his mouth and he was all wheezy",
        "tongue-swelling wheeze",
    ),
    ("struggling for breath, cant finish a sentence, lips going a bit blue", "breathlessness cyanosis"),
    ("terrible feeling something awful was about to happen then i went", "sense-of-doom"),
    ("skin rubbed off where the tape was, big raw sheets of it", "skin-detachment"),
    ("sore mouth full of ulcers, cant eat", "mouth-ulcers"),
    ("ten days after: temperature, knees like footballs, welts coming and going", "swollen-joints hives"),
    (
        "given the same cocktail again in june and the hives were back within minutes",
        "positive-rechallenge hives",
    ),
    ("had it done again with no problem at all", "negative-rechallenge"),
    ("turned out i had norovirus, whole house had it", "other-cause-likely"),
    ("same lumps with just the salt water", "placebo-reaction"),
    ("mri showed an abscess in the buttock", "collection-on-imaging abscess"),
    ("skin prick test to hyaluronidase came up positive", "mechanism-shown"),
    ("hurts to sit so i've had to give up spin class and hoovering", "limits-activity"),
    ("signed off sick for a fortnight", "prevents-activity"),
    ("codeine and tramadol on top of paracetamol", "opioid-needed"),
    ("rang 999, paramedics gave adrenaline x2", "emergency-visit adrenaline-given"),
    ("on a drip of vanc for a week, lanced under general", "intravenous-treatment operation-needed"),
    (
        "aspirated 15ml clear fluid w/ 18G, sent for MC&S before starting abx",
        "needle-drainage drained-material sampled-before-antibiotics",
    ),
    ("the derm diagnosed granuloma annulare", "granuloma-annulare clinician-diagnosis"),
    ("i cover up with scarves and dont go out anymore", "psychosocial-impact"),
    ("chemo for breast cancer, lost my spleen in 09", "immunosuppression"),
    ("on warfarin and clopidogrel after my stents", "anticoagulant antiplatelet heart-disease"),
    ("might be pregnant, periods late", "pregnancy"),
    ("carry two epipens for wasps", "previous-anaphylaxis"),
    ("cant have eggs or soya, both make my lips swell", "egg-allergy soy-allergy"),
    ("had a funny turn with the dentists injection before", "local-anaesthetic-allergy"),
    ("had vitiligo since i was ten, brother has psoriasis", "vitiligo-history psoriasis-history"),
    ("every scar i get turns lumpy and thick", "keloid-history"),
    ("rinsed my face under the tap and went swimming next day", "tap-water-contact"),
    ("got it off a lad on facebook, box all in korean", "unlicensed-product"),
    (
        "went to tijuana for the fat dissolving, two others from the group got infected too",
        "travel-for-treatment others-affected",
    ),
    ("had my flu jab and a tooth out the same week", "recent-vaccine-or-infection"),
    ("hot and cold, shaking under 3 duvets, no energy", "chills fatigue"),
    ("head's banging and everything's going round", "headache dizziness"),
    ("on the loo all day, pure water", "diarrhoea"),
    ("hips and shoulders ache like an old woman", "joint-pain"),
    ("wake up drenched, have to change the sheets", "night-sweats"),
    ("coughing my lungs up and sore throat", "cough oropharyngeal-pain"),
    ("redness has crept past the pen line", "spreading-redness"),
    (
        "crunchy under the skin when pressed and the pain is way worse than it looks",
        "crepitus pain-out-of-proportion",
    ),
    ("swab grew pseudomonas", "culture-positive"),
    ("biopsy AFB positive", "mycobacteria-culture-positive"),
    ("egg sized lump where he went in, tender", "nodule tenderness"),
    ("skin feels like leather and pulls when i smile", "induration skin-tightness"),
    ("blood dripping down my leg for an hour", "bleeding"),
    ("filler shifted down to my jowl", "filler-migration"),
    ("bell's palsy type face, can't whistle", "facial-asymmetry"),
    ("hit a nerve, foot drop since", "nerve-injury weakness"),
    ("couldn't see out my left eye, totally black, for ten minutes", "vision-loss"),
    ("eye bulging and hurts to look up", "bulging-eye eye-movement-pain"),
    ("left lid at half mast", "ptosis"),
    ("food keeps catching, i choke on my tea", "dysphagia"),
    ("ears buzzing and lips tingly after the numbing", "tinnitus perioral-tingling"),
    ("pale bit where the steroid went in, it won't tan", "hypopigmentation"),
    ("ripples and dents all over my thighs", "contour-irregularity"),
    ("eyebrow's fallen out", "alopecia"),
    ("creatinine 480, anuric", "kidney-failure little-urine"),
    ("had a hypo, 2.4", "hypoglycaemia"),
    ("DVT in the calf and clots on both lungs", "thrombosis pulmonary-embolism"),
    ("she passed away in ICU", "death hospital-admission"),
    ("blanched white then went mottled, cap refill 5 secs", "pallor livedo slow-capillary-refill"),
    ("chest tight, heart jumping all over the shop", "chest-pain"),
]

DENIED = [
    ("its rock hard and warm but not sore and not itchy", "induration warmth -pain -itch"),
    ("eyesight is grand, no bother swallowing, face is even", "-vision-loss -dysphagia -facial-asymmetry"),
    ("no blistering no ulceration no discharge", "-blister -ulcer -pus"),
    ("breathing normal, tongue not swollen, no hives", "-breathlessness -tongue-swelling -hives"),
    (
        "never had a fit, not diabetic, no blood thinners, non smoker",
        "-seizure -diabetes -anticoagulant -smoker",
    ),
    ("site soft, non tender, afebrile, nil discharge", "-tenderness -fever -pus"),
    ("face hasn't dropped, speech fine, no weakness", "-facial-asymmetry -slurred-speech -weakness"),
    ("vision normal, no eye pain, eyelids fine", "-vision-loss -eye-pain -ptosis"),
    ("never smoked, not pregnant, no allergies", "-pregnancy -allergy"),
    ("didn't faint, didn't throw up, no fever", "-faint -vomiting -fever"),
    ("swallow fine, no drooling, voice ok", "-dysphagia -drooling -hoarse-voice"),
    ("denies chest pain/SOB/palps", "-chest-pain -breathlessness -palpitations"),
    ("not hot to touch, no lumps, no bruising", "-warmth -nodule -bruise"),
    ("marble under the skin, no pain", "nodule -pain"),
    ("no numbness, no weakness, vision clear", "-numbness -weakness -vision-loss"),
    ("breathing ok, no swelling, rash gone", "-breathlessness -swelling"),
    ("not on antibiotics, swollen lips", "-antibiotic-taken lip-swelling"),
    ("no problem breathing, swelling on my lip", "-breathlessness lip-swelling"),
    ("breathing fine but lips swelling", "-breathlessness lip-swelling"),
]

STATED_BY_A_NEGATION = [
    ("can't breathe easily", "breathlessness"),
    ("the rash doesn't disappear under a glass", "non-blanching-rash"),
    ("she didn't know where she was", "confusion"),
    ("I can't keep my eyelid open", "ptosis"),
    ("can't hold down a sip of water", "repeated-vomiting"),
]

HARMLESS = [
    "Looks lovely, so happy with my results thank you",
    "When can I wear makeup again?",
    "How long until I see a difference in my chin",
    "booked in for my second session on the 14th",
    "Can I go to the gym tomorrow?",
    "do i need to massage it",
    "What aftercare cream do you recommend",
    "The nurse was very kind and explained everything",
    "Is it ok to fly next week",
    "my appointment was moved to thursday",
    "i paid for three syringes",
    "She said results show at 4 weeks",
    "Please call me back when you are free",
    "the kids are back at school",
    "drank two litres of water yesterday",
    "how many units did you use in my forehead?",
    "I'd like a bit more volume in my top lip next time",
    "Nothing to report, all good",
    "slept well, ate well, feeling great",
    "my husband thinks i look ten years younger",
    "can i have a glass of wine tonight",
    "where do i park",
    "I moved house so my address changed",
    "consent signed, photos taken, tolerated procedure well",
    "Pt reviewed at 2/52, happy with result, no concerns",
    "Advised to avoid alcohol for 24 hours",
    "i work in a school",
    "my eyes are blue",
    "i have brown hair",
    "my brother is a doctor",
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
