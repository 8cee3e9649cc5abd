"""How people say it in Portuguese: each sentence with the terms it must give; a minus sign marks a term it denies."""

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
    ("acordei com os olhos tão inchados que não abriam", "angioedema"),
    ("tô toda empipocada, braço, barriga, e coça demais", "hives itch"),
    ("a garganta fechou e fiquei sem voz", "throat-tightness hoarse-voice"),
    ("o lábio de cima ficou parecendo uma salsicha", "lip-swelling"),
    ("falta-me o ar só de falar, estou exausta de tanto respirar", "breathlessness exhaustion"),
    ("boca e unhas ficaram roxinhas", "cyanosis"),
    ("língua grossa, não cabe na boca", "tongue-swelling"),
    ("cheia de aftas e a pele soltando em placas", "mouth-ulcers skin-detachment"),
    ("olhos vermelhos lacrimejando e nariz escorrendo", "red-eyes sneezing"),
    ("fiquei vermelha que nem pimentão de repente, com calorão", "flushing"),
    ("ela é alérgica a dipirona e asmática desde pequena", "allergy asthma"),
    ("tenho alergia a soja e a ovo", "soy-allergy egg-allergy"),
    ("manchas vermelhas do pescoço até o pé", "generalised-rash"),
    ("quando repetiu a dose aconteceu tudo outra vez", "positive-rechallenge"),
    ("parei as aplicações e sumiu tudo", "improved-after-stopping"),
    ("quanto mais aplica mais dói", "dose-related pain"),
    ("não consigo pentear o cabelo nem me trocar sozinha, minha mãe me dá banho", "limits-self-care"),
    ("faltei três dias no serviço por causa disso", "prevents-activity"),
    ("tô há quatro dias à base de dipirona", "repeated-painkiller"),
    ("precisou de morfina pra dor", "opioid-needed pain"),
    ("fui parar no pronto-socorro de madrugada", "emergency-visit"),
    ("tiraram 20 ml do caroço com agulha", "needle-drainage nodule"),
    ("levaram pro centro cirúrgico pra limpar a ferida", "operation-needed"),
    ("no ultrassom apareceu uma coleção de líquido", "collection-on-imaging"),
    ("tenho vergonha que me vejam assim, só ando de máscara", "psychosocial-impact"),
    ("a médica passou só uma pomada de corticoide", "topical-treatment"),
    ("tomei injeção de dexametasona e desinchou", "systemic-steroid"),
    ("toma AAS infantil e já enfartou", "antiplatelet heart-disease"),
    ("tô grávida de 5 meses", "pregnancy"),
    ("dando de mamar", "breastfeeding"),
    ("tirou o baço e toma tacrolimo", "immunosuppression"),
    ("sou diabética e uso insulina", "diabetes"),
    ("minhas cicatrizes engrossam, tenho tendência a queloide", "keloid-history"),
    ("fumo um maço por dia", "smoker"),
    ("comprei o produto pela internet, sem anvisa", "unlicensed-product"),
    ("tomei a vacina da gripe semana passada e arranquei um dente", "recent-vaccine-or-infection"),
    ("calafrios e o corpo ruim", "chills malaise"),
    ("diarreia e cólica na barriga", "diarrhoea abdominal-pain"),
    ("não prego o olho à noite", "insomnia"),
    ("tô sem fome e emagreci quatro quilos", "decreased-appetite weight-loss"),
    ("dor na lombar, travei as costas", "back-pain"),
    ("não consigo encostar o queixo no peito, nuca dura", "stiff-neck"),
    ("à palpação flutuante, quente e vermelho", "fluctuance warmth redness"),
    ("apareceu um risco vermelho subindo pelo braço", "red-streak"),
    ("marquei com caneta e já passou da marca", "spreading-redness"),
    ("uma íngua na virilha", "lymph-node-swelling"),
    ("quando aperto parece plástico bolha", "crepitus"),
    ("cultura positiva pra estafilococo", "culture-positive"),
    ("cresceu micobactéria na cultura, abscessus", "mycobacteria-culture-positive"),
    ("saiu um herpes no lábio", "herpes"),
    ("arde como se tivesse pimenta", "burning"),
    ("ficou inchadão e quentinho", "swelling warmth"),
    ("dá uns choquinhos onde furou", "paraesthesia"),
    ("fez casca e tá descascando", "scab peeling"),
    ("pele repuxando e não consigo abrir a boca direito", "skin-tightness limited-movement"),
    ("a boca puxa pra um lado quando eu falo", "facial-asymmetry"),
    ("vejo dobrado e dói quando mexo o olho", "double-vision eye-movement-pain"),
    ("o olho pulou pra fora, saltado", "bulging-eye"),
    ("teve uma convulsão e fez xixi na roupa", "seizure incontinence"),
    ("tá aérea, não sabe que dia é hoje", "confusion"),
    ("zumbido no ouvido e gosto de moeda na boca", "tinnitus metallic-taste"),
    ("minhas mãos estão tremendo", "tremor"),
    ("a pele ficou cor de café no lugar", "hyperpigmentation"),
    ("o cabelo tá caindo em tufos", "alopecia"),
    ("olho amarelo e xixi cor de chá", "jaundice dark-urine"),
    ("o açúcar caiu, tremendo e suando", "hypoglycaemia sweating tremor"),
    ("ficou na UTI no tubo", "hospital-admission life-threatening"),
    ("taquicárdica, hipotensa, pálida e sudoreica", "fast-pulse low-blood-pressure pale-clammy"),
    ("meu coração pula umas batidas", "arrhythmia"),
    ("pontada no peito quando respiro fundo", "chest-pain"),
    ("pintinhas vermelhas que não somem com o copo", "non-blanching-rash"),
    ("a menstruação desceu fora de hora, sangrando entre uma e outra", "menstrual-bleeding"),
    ("tô toda encaroçada de alergia do pescoço pra baixo, coçando", "hives itch"),
    ("subiu uma quentura e a cara ficou um tomate", "flushing"),
    ("não vinha ar, o peito apitava", "breathlessness wheeze"),
    ("a boca puxou pra esquerda quando sorri", "facial-asymmetry"),
    ("coleção flutuante de 4 cm em flanco, drenando secreção purulenta fétida", "fluctuance pus foul-smell"),
    ("a dor é desproporcional ao que se vê, não aguento", "pain-out-of-proportion"),
    ("a pele ficou rendilhada em volta da picada", "livedo"),
    ("enchimento capilar lento, 5 segundos, pele pálida", "slow-capillary-refill pallor"),
    ("a ponta do nariz gelada e branca depois do preenchimento", "cold-skin pallor"),
    ("não enxergo mais com o olho direito desde a picada", "vision-loss"),
    ("vejo tudo enevoado", "blurred-vision"),
    ("o olho dói quando olho pros lados", "eye-movement-pain"),
    ("ouvido zumbindo e a língua dormente", "tinnitus perioral-tingling"),
    ("formiguinhas em volta da boca", "perioral-tingling"),
    ("tremendo o corpo todo e suando frio", "tremor pale-clammy"),
    ("apaguei e acordei no chão", "faint"),
    ("o coração parecia que ia sair pela boca", "palpitations"),
    ("tô com 39 de febre batendo o queixo", "fever chills"),
    ("as juntas doem e tô cheia de brotoeja", "joint-pain rash"),
    ("dor de barriga e intestino solto", "abdominal-pain diarrhoea"),
    ("faz cinco dias que não vou ao banheiro fazer cocô", "constipation"),
    ("acordo encharcada, molho o pijama", "night-sweats"),
    ("ficou um calombo duro onde furou, já tem um mês", "nodule"),
    ("ficou uma mancha escura que não sai", "hyperpigmentation"),
    ("ficou uma covinha funda na bochecha", "lipoatrophy"),
    ("levantou uma bolha d'água", "blister"),
    ("bolha preta cheia de sangue", "haemorrhagic-blister"),
    ("a ferida não fecha e dá pra ver a carne", "ulcer"),
    ("a pele tá pretejando e fede a podre", "necrosis foul-smell"),
    ("abriu um buraquinho que vaza toda semana", "draining-sinus"),
    ("o vermelho já tá no joelho, subindo", "spreading-redness"),
    ("disseram fasciíte necrosante e levaram pro bloco operatório", "necrotising-infection operation-needed"),
    ("hemocultura positiva, ficou internada com sepse", "sepsis hospital-admission"),
    ("teve anafilaxia à penicilina anos atrás, anda com epipen", "previous-anaphylaxis"),
    ("fumadora, 20 maços-ano, DPOC", "smoker copd"),
    ("toma eliquis por causa da fibrilação", "anticoagulant"),
    (
        "quem aplicou foi uma moça num quarto de hotel, o frasco nem rótulo tinha",
        "unlicensed-injector non-clinical-setting unlicensed-product",
    ),
    ("com outra cliente do mesmo dia aconteceu igual", "others-affected"),
]

DENIED = [
    ("nega dispneia, nega prurido, nega febre", "-breathlessness -itch -fever"),
    ("respira bem, fala normal, lábios normais", "-breathlessness -slurred-speech -lip-swelling"),
    ("nada de febre nem calafrio, só um roxinho", "-fever -chills bruise"),
    ("não dói nem coça", "-pain -itch"),
    ("enxergo perfeitamente e o rosto está simétrico", "-vision-loss -facial-asymmetry"),
    ("refere parestesias em hemiface direita, sem défice motor", "paraesthesia -weakness"),
    ("sem febre, sem pus, sem mau cheiro", "-fever -pus -foul-smell"),
    ("não dói nem tá quente, só um pouquinho vermelho", "-pain -warmth redness"),
    ("nega dispneia, disfagia ou disfonia", "-breathlessness -dysphagia -hoarse-voice"),
    ("engulo bem, respiro bem e enxergo bem", "-dysphagia -breathlessness -vision-loss"),
    ("não desmaiei nem vomitei", "-faint -vomiting"),
    ("sem sinais de infecção", "-injection-site-infection"),
    ("não tá duro nem inchado", "-induration -swelling"),
    ("urina normal, não tá escura", "-dark-urine"),
    ("sorriso simétrico, força preservada", "-facial-asymmetry -weakness"),
    ("sem rigidez de nuca nem fotofobia", "-stiff-neck -photophobia"),
    ("a pálpebra não caiu e não vejo duplo", "-ptosis -double-vision"),
    ("nega gravidez e alergias", "-pregnancy -allergy"),
    ("sem sangramento, sem hematoma, sem endurecimento", "-bleeding -haematoma -induration"),
    ("já não tem febre mas continua com calafrios", "-fever chills"),
    ("nunca tive queloide", "-keloid-history"),
    ("não tenho febre, nem pus, nem tô me sentindo mal", "-fever -pus -malaise"),
    ("sem dor no peito, sem palpitação", "-chest-pain -palpitations"),
    ("sem alteração visual nem cefaleia", "-headache"),
    ("tosse não tem, febre não tem", "-cough -fever"),
    ("sem inchaço na língua, respiração normal", "-tongue-swelling -breathlessness"),
]

HARMLESS = [
    "oi bom dia, queria marcar pra quinta",
    "quanto custa a sessão de papada?",
    "vocês recomendam essa clínica pro botox?",
    "posso malhar amanhã?",
    "tudo perfeito, amei o resultado",
    "adorei como ficou, obrigada doutora",
    "quantas sessões preciso pra barriga",
    "moro em Goiânia e queria saber o preço",
    "pode tomar vinho depois do preenchimento?",
    "mês que vem tenho um casamento e quero ficar bonita",
    "a doutora explicou tudo direitinho",
    "posso lavar o rosto hoje à noite?",
    "quero diminuir a papada antes do verão",
    "minha amiga me deu um voucher da clínica",
    "hoje é a segunda sessão",
    "aplicaram 4 ampolas no abdômen na terça",
    "desculpa, mandei pro número errado",
    "é melhor enzima ou criolipólise?",
    "vou chegar dez minutos atrasada, trânsito parado",
    "que horas abre amanhã",
    "paguei no cartão e não me deram nota",
    "minha filha tem prova segunda, preciso remarcar",
    "vou pra praia semana que vem",
    "trabalho em escritório e sexta fico em casa",
    "comprei um sapato preto lindo",
    "o carro ficou sem gasolina",
    "a água do chuveiro da clínica sai fria",
    "tenho que passar na farmácia",
    "a enfermeira foi muito atenciosa",
    "preciso da nota fiscal por favor",
    "agora uso cabelo curto",
    "vou viajar pra Portugal ver minha família",
    "gostei muito da recepcionista",
    "a sala de espera estava cheia",
    "manda a localização por favor",
    "quinta não posso ir, tenho trabalho",
    "prefiro que a mesma doutora me atenda",
    "quero o lábio mais cheio mas natural",
    "na foto dá pra ver o antes e depois",
    "estou bem, sem queixas",
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
