"""Common forenames and surnames in Britain, for names that the language model misses.

Source: written for this project after the Office for National Statistics' lists of baby names and of common surnames.
All are lower case.
"""

from .words import listed

#: Names that are nothing else, so that they are believed without a capital. Those that are also everyday words, drugs,
#: places or firms ("mark", "will", "charlie", "molly", "chelsea") are left to the language model, and to phrases such as
#: "my name is".
FORENAMES = listed("""
aaron abdul abdullah abigail adam adele adrian agnes agnieszka ahmed aidan aisha alan alastair albert albie alex
alexander alexandra alfie ali alice alison alistair amanda amelia amina amy andrea andrew andy aneta angela angie anil
anita ann anna anne annette annie anthony antonia archie arthur asha ashley asif audrey barbara barry beatrice becky
belinda ben benjamin bernadette bernard beth bethany betty bev beverley brad bradley brenda brendan brian bridget bruce
bryan bryn caitlin callum cameron carl carla carlos caroline carolyn catherine cathy cerys charles charlotte cheryl
chloe chris chrissie christina christine christopher claire clare clive colin connor conor corey craig cristina cynthia
damian damien dan daniel daniela danielle danny daphne darren darryl dave david davina daz debbie deborah debs deirdre
denise dennis derek desmond diana diane dimitri dominic donna doreen doris dorothy dougie douglas duncan dylan eddie
edith edward eileen elaine eleanor elena elizabeth ella ellen ellie elliot elsie emily emma eric erica erin ethan
eugene eva evelyn ewa ewan fatima felicity fiona florence fran frances francesca francis freda freddie frederick gareth
gary gav gavin gaz gemma geoff geoffrey george georgina gerald geraldine gerard gillian gina gladys glenda glenn gordon
graeme graham greg gregory gwen gwyneth hannah harold harriet harry hassan hayley helen helena henry hilary hilda
howard hugh hussain ian ibrahim imogen imran irene isaac isabel isabella isabelle isla ivan jackie jacob jacqueline
jake jamal james jamie jane janet janice jason jayden jayne jean jeanette jeff jeffrey jenna jennifer jenny jeremy jess
jessica jill jim jimmy joan joanna joanne joe joel john johnny jon jonathan jonny jose joseph josephine josh joshua
joyce juan judith judy julia julian julie kareem karen karl kasia katarzyna kate kath katherine kathleen kathryn kathy
katie katy kayleigh kazim keeley keith kelly kelvin ken kenneth kerry kev kevin khadija khalid kieran kim kirsty
krystyna krzysztof kumar kyle laura lauren laurence leah leanne lee len lena leo leon leonard leslie lewis liam lilian
linda lindsay lindsey lisa liz logan lorna lorraine louis louise lucas lucy luis luke lydia lynda lynn lynne maciej
maddie madeleine madison magda maggie maisie malcolm manuel marcin marcus margaret maria marian marie marilyn marion
marjorie marlon martin mary mateusz matt matthew maureen maurice maxine meg megan mehmet melanie melissa michael michal
michelle miguel mike mikey millie miriam mitchell mohamed mohammad mohammed moira monica morag muhammad muriel nadia
nancy naomi natalie natasha nathan neil niall niamh nicholas nicola nigel nina noah noel nora norma norman oliver
olivia ollie olly omar oscar owen pamela patricia patrick paul paula pauline pawel pete peter phil philip phillip
phoebe phyllis piotr priya priyanka rachael rachel rafal raj rajesh ralph raymond rebecca reece reuben rhian rhys
richard ricky rita robbie robert roberta rodney roger roland ronald ronnie rosie ross roy rupert russell ruth ryan
sabrina sadie sally sam samantha samuel sandra sanjay sara sarah scott sean sebastian shabnam shane shannon sharon
shaun shaz sheila shelley shirley sian simon sofia sophia sophie stacey stan stefan stephanie stephen steve steven
stewart stu stuart sunita susan susanna suzanne sylvia tanya tara tariq terence teresa terry thelma theo theresa thomas
tim timothy tina toby tom tomasz tommy tony tracey tracy trevor tristan tyler tyrone valerie vanessa vera veronica
vicky victoria vijay vincent vivien wayne wendy wesley wilf wilfred william winifred yasmin yusuf yvette yvonne zac
zach zainab zoe zofia
""")

#: Surnames that are believed after a forename without a capital: "dave smith".
SURNAMES = listed("""
adams ahmed akhtar ali allen anderson andrews atkinson bailey baker barker barnes begum bell bennett brown butler
campbell carr carter chapman clark clarke collins cook cooper cox davies davis dixon edwards ellis evans fisher foster
fox gibson gill graham grant gray green griffiths hall harris harrison harvey hill holmes hudson hughes hunt hussain
jackson james jenkins johnson jones kelly khan king knight kowalski lawson lee lewis lloyd marshall martin mason
matthews miller mills mitchell moore morgan morris murphy murray nowak owen palmer parker patel pearce pearson phillips
poole powell price reynolds richards richardson roberts robertson robinson rogers russell ryan saunders scott shaw
simpson singh smith stephens stevens stewart stone taylor thomas thompson thomson turner walker walsh ward watson webb
wells white wilkinson williams williamson wilson wood woods wright young
""")
