"""Common forenames and surnames in Britain, for names that the language model misses.

Source: written for this project after the Office for National Statistics' lists of baby names and of common surnames.
Forenames that are also everyday words, drugs, places or firms ("mark", "will", "rose", "charlie", "molly", "chelsea")
are left out: those are found only by the language model or after a phrase such as "my name is". All are lower case.
"""

FORENAMES = frozenset("""
aaron abdul abigail abdullah adam adele adrian agnes agnieszka ahmed aidan aisha alan alastair albert alex alexander
alexandra alfie ali alice alison alistair amanda amelia amina amy andrea andrew andy aneta angela angie anil anita ann
anna anne annette annie anthony antonia arthur asha ashley asif audrey barbara barry beatrice becky belinda ben benjamin
bernadette bernard bethany betty beverley brad bradley brenda brendan brian bridget bruce bryan bryn caitlin callum
cameron carl carla carlos caroline carolyn catherine cathy cerys charles charlotte cheryl chloe chris chrissie christina
christine christopher claire clare clive colin connor conor corey craig cristina cynthia damian damien daniel daniela
danielle danny daphne darren darryl dave david davina deborah debbie deirdre denise dennis derek diana diane dimitri
dominic donna doreen doris dorothy dougie douglas duncan dylan eddie edith edward eileen elaine eleanor elena elizabeth
ella ellen ellie elliot elsie emily emma eric erica ethan eugene eva evelyn ewa ewan fatima felicity fiona florence
fran frances francesca francis freda freddie frederick gareth gary gavin gaz gemma geoff geoffrey george georgina gerald
geraldine gerard gillian gina gladys glenda glenn gordon graeme graham greg gregory gwen gwyneth hannah harriet
harry hassan hayley helen helena henry hilary hilda howard hugh hussain ian ibrahim imogen imran irene
isaac isabel isabella isabelle isla ivan jackie jacqueline jacob jake jamal james jamie jane janet janice jason jayden jayne jean jeanette jeff jeffrey jenna jennifer jenny jeremy jess jessica jill jim jimmy joan joanna
joanne joe joel john johnny jon jonathan jonny jose joseph josephine josh joshua joyce juan judith judy julia julian
julie kareem karen karl kasia kate katarzyna kath katherine kathleen kathryn kathy katie katy kayleigh kazim keeley
keith kelly kelvin ken kenneth kerry kev kevin khadija khalid kieran kim kirsty krystyna krzysztof kumar kyle laura
lauren laurence leah leanne lee len leo leon leonard leslie lewis liam lilian linda lindsay lindsey lisa liz logan
lorna lorraine louis louise lucas lucy luke lydia lynda lynn lynne maciej maddie madeleine madison magda maggie malcolm
manuel marcin marcus margaret maria marian marie marilyn marion marjorie marlon martin mary mateusz matt matthew maureen
maurice maxine megan mehmet melanie melissa michael michal michelle miguel mike millie miriam mitchell mohammad mohammed
mohamed moira monica morag muhammad muriel nadia nancy naomi natalie natasha nathan neil niall nicholas nicola nigel
nina noah noel nora norma norman oliver olivia omar oscar owen pamela patricia patrick paul paula pauline pawel peter
philip phil phillip phoebe phyllis piotr priya rachael rachel rafal rajesh raj ralph raymond rebecca reece reuben rhian
rhys richard rita robert roberta rodney roger roland ronald rosie ross roy rupert russell ruth ryan sabrina
sadie sally sam samantha samuel sandra sanjay sara sarah scott sean sebastian shane shannon sharon shaun sheila shelley
shirley sian simon sofia sophia sophie stacey stan stefan stephanie stephen steve steven stewart stuart sunita susan
susanna suzanne sylvia tanya tara terence teresa terry thelma theo theresa thomas tim timothy tina toby tomasz tommy tony
tracey tracy trevor tristan tyler tyrone valerie vanessa vera veronica vicky victoria vijay vincent vivien
wayne wendy wesley wilf wilfred william winifred yasmin yusuf yvette yvonne zac zach zainab zoe zofia
""".split())

SURNAMES = frozenset("""
adams ahmed akhtar ali allen anderson andrews atkinson bailey baker barker barnes begum bell bennett brown butler campbell
carr carter chapman clark clarke collins cook cooper cox davies davis dixon edwards ellis evans fisher foster fox gibson
gill graham grant gray green griffiths hall harris harrison harvey hill holmes hudson hughes hunt hussain jackson james
jenkins johnson jones kelly khan king knight kowalski lawson lee lewis lloyd marshall martin mason matthews miller mills
mitchell moore morgan morris murphy murray nowak owen palmer parker patel pearce pearson phillips poole powell price
reynolds richards richardson roberts robertson robinson rogers russell ryan saunders scott shaw simpson singh smith
stephens stevens stewart stone taylor thomas thompson thomson turner walker walsh ward watson webb wells white wilkinson
williams williamson wilson wood woods wright young
""".split())
