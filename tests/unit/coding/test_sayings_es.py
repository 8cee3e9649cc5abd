"""How people say it in Spanish: each sentence with the terms it must give; a minus sign marks a term it denies."""

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
    ("amanecí con los ojos que no los podía abrir de la inflamación", "angioedema"),
    ("tengo ronchotas en los brazos y el pecho y me rasco a cada rato", "hives itch"),
    ("se me cerró la garganta y no me salía la voz", "throat-tightness hoarse-voice"),
    ("el labio de arriba me quedó como morcilla", "lip-swelling"),
    ("le chiflaba el pecho y se estaba ahogando", "wheeze breathlessness"),
    ("me falta el aire hasta para hablar, estoy agotada de respirar", "breathlessness exhaustion"),
    ("los labios y las uñas se le pusieron moraditos", "cyanosis"),
    ("lengua gruesa, no me cabe en la boca", "tongue-swelling"),
    ("toda la boca llena de aftas y la piel se me cae a pedazos", "mouth-ulcers skin-detachment"),
    ("ojos rojos llorosos y nariz chorreando", "red-eyes sneezing"),
    ("me puse colorada como tomate de golpe con calorón", "flushing"),
    ("soy alérgica a la soya y al huevo", "soy-allergy egg-allergy"),
    ("me salió sarpullido desde el cuello hasta los pies", "generalised-rash"),
    ("me suspendieron las inyecciones y se me quitó todo", "improved-after-stopping"),
    ("cuanto más me ponen, más me duele, con poquito casi nada", "dose-related pain"),
    ("no puedo ni peinarme ni vestirme sola, mi mamá me baña", "limits-self-care"),
    ("he faltado al trabajo tres días por esto", "prevents-activity"),
    ("llevo cuatro días a puro ibuprofeno", "repeated-painkiller"),
    ("me tuvieron que poner morfina del dolor", "opioid-needed pain"),
    ("terminé en la guardia a las 3 de la mañana", "emergency-visit"),
    ("le sacaron 20 cc con aguja del bulto", "needle-drainage nodule"),
    ("en el ultrasonido se ve una bolsa de líquido", "collection-on-imaging"),
    ("me da mucha pena que me vean así, ando con cubrebocas", "psychosocial-impact"),
    ("el doctor me recetó una crema con cortisona nada más", "topical-treatment"),
    ("me inyectaron dexametasona y me bajó la inflamación", "systemic-steroid"),
    ("estoy de 5 meses de embarazo", "pregnancy"),
    ("dando teta a mi bebé", "breastfeeding"),
    ("le falta el bazo y toma tacrolimus", "immunosuppression"),
    ("soy diabética tipo 2, me inyecto insulina", "diabetes"),
    ("las heridas me cicatrizan gordas, tengo tendencia a queloides", "keloid-history"),
    ("fumo como 10 al día", "smoker"),
    ("me lo hizo una amiga en su casa, en la sala", "unlicensed-injector non-clinical-setting"),
    ("el producto lo compré por internet, sin registro sanitario", "unlicensed-product"),
    ("me vacuné contra la gripe la semana pasada y me sacaron una muela", "recent-vaccine-or-infection"),
    ("siento escalofríos y el cuerpo cortado", "chills malaise"),
    ("ando con diarrea y retortijones", "diarrhoea abdominal-pain"),
    ("no pego ojo en toda la noche", "insomnia"),
    ("no tengo hambre y bajé cuatro kilos", "decreased-appetite weight-loss"),
    ("se me acalambra la espalda baja, me duele la cintura", "back-pain"),
    ("no puedo bajar la barbilla al pecho, la nuca rígida", "stiff-neck"),
    ("está fluctuante a la palpación, caliente y rojo", "fluctuance warmth redness"),
    ("me sale una rayita roja que sube por el brazo", "red-streak"),
    ("marqué el borde con pluma y ya se pasó", "spreading-redness"),
    ("se me inflamó una bolita en la ingle", "lymph-node-swelling"),
    ("cuando aprieto se siente como papel de burbujas", "crepitus"),
    ("cultivo positivo a estafilococo", "culture-positive"),
    ("creció una micobacteria en el cultivo, abscessus", "mycobacteria-culture-positive"),
    ("me brotó un fuego en el labio", "herpes"),
    ("arde como si me echaran chile", "burning"),
    ("la zona quedó hinchada como tamal y calientita", "swelling warmth"),
    ("me dan toquecitos eléctricos donde me picaron", "paraesthesia"),
    ("se me hizo costra y se está pelando", "scab peeling"),
    ("la boca se me va para un lado cuando hablo", "facial-asymmetry"),
    ("veo doble y me duele el ojo al moverlo", "double-vision eye-movement-pain"),
    ("el ojo se le salió para afuera, muy saltón", "bulging-eye"),
    ("se babea y no traga ni su saliva", "drooling dysphagia"),
    ("convulsionó y se orinó encima", "seizure incontinence"),
    ("está como ida, no sabe qué día es", "confusion"),
    ("zumbido en los oídos y sabor a moneda en la boca", "tinnitus metallic-taste"),
    ("me tiemblan las manos", "tremor"),
    ("quedó pigmentado como café con leche", "hyperpigmentation"),
    ("tengo un hueco donde me inyectaron, se comió la grasa", "lipoatrophy"),
    ("se me cae el pelo a mechones", "alopecia"),
    ("los ojos se me pusieron amarillos y orina como té", "jaundice dark-urine"),
    ("se le bajó el azúcar, temblorosa y sudada", "hypoglycaemia sweating tremor"),
    ("quedó en terapia intensiva con tubo", "hospital-admission life-threatening"),
    ("se desplomó, no le encontraban el pulso", "collapse cardiac-arrest"),
    ("taquicárdica, hipotensa, pálida y sudorosa", "fast-pulse low-blood-pressure pale-clammy"),
    ("punzadas en el pecho cuando respiro hondo", "chest-pain"),
    ("puntos rojos que no desaparecen con el vaso", "non-blanching-rash"),
    ("me bajó la regla antes de tiempo, manchado entre períodos", "menstrual-bleeding"),
    ("la garganta como que se me va cerrando, trago saliva con trabajo", "throat-tightness dysphagia"),
    ("toda enronchada del cuello para abajo", "hives"),
    ("me dio un sofocón y se me puso la cara como un tomate", "flushing"),
    ("no jalaba aire, chiflaba todo el pecho", "breathlessness wheeze"),
    ("dice la enfermera que satura bajito, 88", "low-oxygen"),
    ("parece que me dio un aire, la boca jalada para un lado", "facial-asymmetry"),
    (
        "se palpa colección fluctuante de 4 cm en flanco, con salida de material purulento fétido",
        "fluctuance pus foul-smell",
    ),
    ("placa eritematosa indurada, caliente y dolorosa a la palpación", "plaque induration warmth tenderness"),
    ("ya no aguanto el dolor, es desproporcionado a lo que se ve", "pain-out-of-proportion"),
    ("la piel se ve como jaspeada alrededor del pinchazo", "livedo"),
    ("el relleno capilar está lento, 5 segundos, piel pálida", "slow-capillary-refill pallor"),
    ("la punta de la nariz fría y blanca después del relleno", "cold-skin pallor"),
    ("no alcanzo a ver con el ojo derecho desde el pinchazo", "vision-loss"),
    ("veo nublado como con humo", "blurred-vision"),
    ("el ojo me punza cuando volteo para los lados", "eye-movement-pain"),
    ("le dieron convulsiones y luego no reaccionaba", "seizure coma"),
    ("me zumban los oídos y siento la lengua dormida", "tinnitus perioral-tingling"),
    ("siento hormiguitas alrededor de la boca", "perioral-tingling"),
    ("me tiembla todo el cuerpo y sudo frío", "tremor pale-clammy"),
    ("se me fue el mundo y desperté en el piso", "faint"),
    ("el corazón se me quería salir", "palpitations"),
    ("traigo calentura de 39 y me castañetean los dientes", "fever chills"),
    ("me duelen las coyunturas y ando con salpullido", "joint-pain rash"),
    ("me duele la panza y ando suelta del estómago", "abdominal-pain diarrhoea"),
    ("devolví el desayuno y sigo con ascos", "vomiting nausea"),
    ("no he podido hacer popó en cinco días", "constipation"),
    ("amanecí sudada, mojé la pijama", "night-sweats"),
    ("tengo un chipote duro donde me picaron, ya lleva un mes", "nodule"),
    ("me quedó una mancha prieta que no se quita", "hyperpigmentation"),
    ("quedó un pocito en el cachete", "lipoatrophy"),
    ("la panza me quedó dispareja, con bolas y huecos", "contour-irregularity"),
    ("la herida no cierra y se ve la carne", "ulcer"),
    ("me salió una fístula que drena cada semana", "draining-sinus"),
    ("lo colorado ya me llega a la rodilla", "spreading-redness"),
    ("dijeron fascitis necrotizante y la abrieron en quirófano", "necrotising-infection operation-needed"),
    ("hemocultivos positivos, quedó internada por sepsis", "sepsis hospital-admission"),
    ("antecedente de anafilaxia por penicilina, porta epipen", "previous-anaphylaxis"),
    ("es fumadora de 20 paquetes/año, EPOC", "smoker copd"),
]

DENIED = [
    ("niega disnea, niega prurito, niega fiebre", "-breathlessness -itch -fever"),
    ("respira bien, habla normal, labios normales", "-breathlessness -slurred-speech -lip-swelling"),
    ("nada de fiebre ni escalofríos, solo un moretoncito", "-fever -chills bruise"),
    ("ni me duele ni me pica", "-pain -itch"),
    ("veo perfectamente y la cara la tengo simétrica", "-vision-loss -facial-asymmetry"),
    ("pte refiere parestesias en hemicara derecha, sin déficit motor", "paraesthesia -weakness"),
    ("TA 75/40, FC 132, FR 30, afebril", "low-blood-pressure fast-pulse fast-breathing -fever"),
    ("sin fiebre, sin pus, sin mal olor", "-fever -pus -foul-smell"),
    ("no me duele ni está caliente, solo un poquito rojo", "-pain -warmth redness"),
    ("niega disnea, disfagia o disfonía", "-breathlessness -dysphagia -hoarse-voice"),
    ("trago bien, respiro bien y veo bien", "-dysphagia -breathlessness -vision-loss"),
    ("nunca me desmayé ni vomité", "-faint -vomiting"),
    ("no hay signos de infección", "-injection-site-infection"),
    ("no está dura ni hinchada la zona", "-induration -swelling"),
    ("orina normal, no oscura", "-dark-urine"),
    ("sonrisa simétrica, fuerza conservada", "-facial-asymmetry -weakness"),
    ("no tiene rigidez de nuca ni fotofobia", "-stiff-neck -photophobia"),
    ("el párpado no se me cae y no veo doble", "-ptosis -double-vision"),
    ("descarta embarazo y alergias", "-pregnancy -allergy"),
    ("sin sangrado, sin hematoma, sin endurecimiento", "-bleeding -haematoma -induration"),
    ("ya no tiene fiebre pero sigue con escalofríos", "-fever chills"),
    ("nunca he tenido queloides", "-keloid-history"),
    ("no tengo fiebre, ni pus, ni me siento mal", "-fever -pus -malaise"),
    ("sin dolor torácico, sin palpitaciones", "-chest-pain -palpitations"),
    ("sin alteraciones visuales ni cefalea", "-headache"),
]

HARMLESS = [
    "hola buenos días, quería pedir cita para el jueves",
    "¿cuánto cuesta la sesión de papada?",
    "me recomiendas esta clínica para el botox?",
    "puedo hacer ejercicio mañana?",
    "todo perfecto, muy contenta con el resultado",
    "me encantó cómo quedó, gracias doctora",
    "cuántas sesiones necesito para la barriga",
    "vivo en Guadalajara y quería saber el precio",
    "se puede tomar vino después del relleno?",
    "el próximo mes tengo una boda y quiero verme bien",
    "la doctora me explicó todo muy bien",
    "puedo lavarme la cara esta noche?",
    "quiero reducir la papada antes del verano",
    "mi amiga me regaló un bono para la clínica",
    "hoy me toca la segunda sesión",
    "perdone, me equivoqué de número",
    "es mejor la mesoterapia o la criolipólisis?",
    "llego diez minutos tarde, había mucho tráfico",
    "a qué hora abren mañana",
    "pagué con tarjeta y no me dieron recibo",
    "mi hija tiene examen el lunes así que cambio la cita",
    "voy a la playa la semana que viene",
    "trabajo en una oficina, me quedo en casa los viernes",
    "me compré unos zapatos negros preciosos",
    "el coche se quedó sin gasolina",
    "tengo que pasar por la farmacia",
    "la enfermera fue muy amable y cuidadosa",
    "necesito la factura por favor",
    "qué bien me cae la recepcionista",
    "la sala de espera estaba llena",
    "mándame la ubicación por favor",
    "el jueves no puedo ir, tengo trabajo",
    "prefiero que me atienda la misma doctora",
    "quiero un labio más grueso pero natural",
    "en la foto se ve el antes y el después",
    "ningún problema, todo en orden",
    "paciente acude a control, sin novedades",
    "se aplican 2 cc en cada mejilla con aguja 30G",
    "se explica el procedimiento y firma consentimiento",
    "la puerta estaba cerrada y nadie abría",
]


@pytest.mark.parametrize(("text", "terms"), STATED)
def test_a_saying_gives_its_terms(text, terms):
    assert set(terms.split()) <= coded(text)


@pytest.mark.parametrize(("text", "terms"), DENIED)
def test_a_denial_is_read_as_one(text, terms):
    found = coded(text)
    assert set(terms.split()) <= found
    assert not {term[1:] for term in terms.split() if term.startswith("-")} & found


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_talk_names_nothing(text):
    assert CODER.code(text).terms == ()
