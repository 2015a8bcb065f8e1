// Diplomacy: what five press reports of 2021 to 2023 say of talks between foreign ministers.
//
//   entente shell diplomacy.entente < facts.cypher        reads this file into a database (from the folder that it is in)
//
// This file is the graph's home: edit it and read it into a new database. 120 nodes, 329 relationships.
//
// Where a fact comes from: `sources` are the documents (ids of Document nodes), `paragraphs` the places in them ('001:5' is the fifth
// line that is not blank of document 001). `nature` is 'stated' (the document says so), 'inferred' (it follows from what documents
// say) or 'reference' (general knowledge, such as codes of countries). Where some of the paragraphs state a fact and others only imply it,
// `inferredParagraphs` names the latter. Dates are ISO texts.

CREATE CONSTRAINT country_id FOR (n:Country) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT person_id FOR (n:Person) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT office_id FOR (n:Office) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT forum_id FOR (n:Forum) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT place_id FOR (n:Place) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT organization_id FOR (n:Organization) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT document_id FOR (n:Document) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT event_id FOR (n:Event) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT topic_id FOR (n:Topic) REQUIRE n.id IS UNIQUE;

// ---- Countries ----

CREATE (:Country {id: 'country:US', name: 'United States', iso2: 'US', iso3: 'USA', aliases: ['US', 'U.S.', 'United States of America'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:1', '001:5', '002:1', '003:1', '004:14']});
CREATE (:Country {id: 'country:JP', name: 'Japan', iso2: 'JP', iso3: 'JPN', aliases: ['Japanese'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:1', '001:5', '002:1', '003:1', '004:14']});
CREATE (:Country {id: 'country:KR', name: 'South Korea', iso2: 'KR', iso3: 'KOR', aliases: ['ROK', 'Republic of Korea'], sources: ['doc:000', 'doc:001', 'doc:002'], nature: 'stated', paragraphs: ['000:10', '001:10', '002:2']});
CREATE (:Country {id: 'country:KP', name: 'North Korea', iso2: 'KP', iso3: 'PRK', aliases: [], sources: ['doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['001:10', '002:5', '003:6']});
CREATE (:Country {id: 'country:CN', name: 'China', iso2: 'CN', iso3: 'CHN', aliases: [], sources: ['doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['001:9', '002:5', '003:5']});
CREATE (:Country {id: 'country:RU', name: 'Russia', iso2: 'RU', iso3: 'RUS', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']});
CREATE (:Country {id: 'country:UA', name: 'Ukraine', iso2: 'UA', iso3: 'UKR', aliases: [], sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:7', '001:11']});
CREATE (:Country {id: 'country:GB', name: 'United Kingdom', iso2: 'GB', iso3: 'GBR', aliases: ['Britain', 'British'], sources: ['doc:002', 'doc:004'], nature: 'stated', paragraphs: ['002:1', '004:17']});
CREATE (:Country {id: 'country:IT', name: 'Italy', iso2: 'IT', iso3: 'ITA', aliases: ['Italian'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']});
CREATE (:Country {id: 'country:IN', name: 'India', iso2: 'IN', iso3: 'IND', aliases: [], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:6', '003:4']});
CREATE (:Country {id: 'country:AU', name: 'Australia', iso2: 'AU', iso3: 'AUS', aliases: [], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:6', '003:4']});

// ---- People. A Minister is attested in the office of a foreign minister ----

CREATE (:Person:Minister {id: 'person:antony-blinken', name: 'Antony Blinken', givenName: 'Antony', familyName: 'Blinken', aliases: ['Antony J. Blinken', 'Secretary Blinken', 'Secretary Antony Blinken', 'Blinken', '@SecBlinken'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:1', '001:5', '002:1', '003:1', '004:14']});
CREATE (:Person:Minister {id: 'person:hayashi-yoshimasa', name: 'Hayashi Yoshimasa', givenName: 'Yoshimasa', familyName: 'Hayashi', aliases: ['HAYASHI Yoshimasa', 'Yoshimasa Hayashi', 'HayashiYoshimasa', 'Minister Hayashi', 'Foreign Minister Hayashi', 'Hayashi', 'Yoshimasa'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['000:1', '001:5', '002:1', '003:1']});
CREATE (:Person:Minister {id: 'person:motegi-toshimitsu', name: 'Motegi Toshimitsu', givenName: 'Toshimitsu', familyName: 'Motegi', aliases: ['MOTEGI Toshimitsu', 'Foreign Minister Motegi', 'Motegi'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']});
CREATE (:Person:Minister {id: 'person:dominic-raab', name: 'Dominic Raab', givenName: 'Dominic', familyName: 'Raab', aliases: ['Raab'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']});
CREATE (:Person:Minister {id: 'person:luigi-di-maio', name: 'Luigi Di Maio', givenName: 'Luigi', familyName: 'Di Maio', aliases: [], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']});
CREATE (:Person {id: 'person:joe-biden', name: 'Joe Biden', givenName: 'Joe', familyName: 'Biden', aliases: [], sources: ['doc:000', 'doc:002', 'doc:004'], nature: 'stated', paragraphs: ['000:6', '002:6', '004:21']});
CREATE (:Person {id: 'person:suga-yoshihide', name: 'Suga Yoshihide', givenName: 'Yoshihide', familyName: 'Suga', aliases: ['SUGA Yoshihide', 'Suga'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']});

// ---- Offices ----

CREATE (:Office {id: 'office:US-secretary-of-state', name: 'Secretary of State of the United States', kind: 'foreign_minister', aliases: ['US Secretary of State', 'Secretary of State of the United States of America', 'Secretary of the United States', 'Secretary of the State'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['001:5', '002:1', '004:14', '000:1', '003:1'], inferredParagraphs: ['000:1', '003:1']});
CREATE (:Office {id: 'office:JP-foreign-minister', name: 'Minister for Foreign Affairs of Japan', kind: 'foreign_minister', aliases: ['Japanese Minister for Foreign Affairs', 'Japanese Foreign Minister', 'Foreign Minister of Japan'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:1', '001:5', '002:1', '003:1', '004:14']});
CREATE (:Office {id: 'office:GB-foreign-secretary', name: 'Foreign Secretary of the United Kingdom', kind: 'foreign_minister', aliases: ['British Foreign Secretary'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']});
CREATE (:Office {id: 'office:IT-foreign-minister', name: 'Foreign Minister of Italy', kind: 'foreign_minister', aliases: ['Italian counterpart'], sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']});
CREATE (:Office {id: 'office:US-president', name: 'President of the United States', kind: 'head_of_state', aliases: ['US President'], sources: ['doc:002', 'doc:004'], nature: 'stated', paragraphs: ['002:6', '004:21']});
CREATE (:Office {id: 'office:JP-prime-minister', name: 'Prime Minister of Japan', kind: 'head_of_government', aliases: ['Prime Minister'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']});

// ---- Forums: the enduring bodies, never dated ----

CREATE (:Forum {id: 'forum:G7', name: 'G7', kind: 'grouping', aliases: ['Group of Seven'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:1', '001:11', '002:1', '003:8', '004:18']});
CREATE (:Forum {id: 'forum:G20', name: 'G20', kind: 'grouping', aliases: ['G-20'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']});
CREATE (:Forum {id: 'forum:Quad', name: 'Quad', kind: 'grouping', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']});
CREATE (:Forum {id: 'forum:APEC', name: 'APEC', kind: 'organization', aliases: ['Asia-Pacific Economic Cooperation'], sources: ['doc:001', 'doc:002'], nature: 'stated', paragraphs: ['001:14', '002:6']});
CREATE (:Forum {id: 'forum:EAS', name: 'East Asia Summit', kind: 'summit_series', aliases: ['EAS'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Forum {id: 'forum:ASEAN', name: 'ASEAN', kind: 'organization', aliases: [], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']});
CREATE (:Forum {id: 'forum:UNSC', name: 'UN Security Council', kind: 'organ', aliases: ['United Nations Security Council', 'UNSC'], sources: ['doc:001', 'doc:003'], nature: 'stated', paragraphs: ['001:10', '003:8']});
CREATE (:Forum {id: 'forum:2plus2', name: '2+2', kind: 'bilateral_dialogue', aliases: ['2+2 meeting'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Forum {id: 'forum:economic-2plus2', name: 'Economic 2+2', kind: 'bilateral_dialogue', aliases: ['Economic “2+2”'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']});

// ---- Places ----

CREATE (:Place {id: 'place:hiroshima', name: 'Hiroshima', kind: 'city', sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:6']});
CREATE (:Place {id: 'place:liverpool', name: 'Liverpool', kind: 'city', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']});
CREATE (:Place {id: 'place:new-delhi', name: 'New Delhi', kind: 'city', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']});
CREATE (:Place {id: 'place:matera', name: 'Matera', kind: 'city', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']});
CREATE (:Place {id: 'place:southeast-asia', name: 'Southeast Asia', kind: 'region', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});

// ---- Organizations: ministries and publishers ----

CREATE (:Organization {id: 'org:tdi', name: 'TDI', kind: 'news', aliases: [], sources: ['doc:000', 'doc:003'], nature: 'stated', paragraphs: ['000:1', '003:1']});
CREATE (:Organization {id: 'org:arab-news-japan', name: 'Arab News Japan', kind: 'news', aliases: [], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:13']});
CREATE (:Organization {id: 'org:jiji-press', name: 'JIJI Press', kind: 'news', aliases: [], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:22']});
CREATE (:Organization {id: 'org:mofa-japan', name: 'Ministry of Foreign Affairs of Japan', kind: 'ministry', aliases: ['Japan Foreign Ministry'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']});
CREATE (:Organization {id: 'org:us-state-department', name: 'US Department of State', kind: 'ministry', aliases: [], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:19']});

// ---- Documents: the five articles (doc:000 to doc:004), and what they cite ----

CREATE (:Document {id: 'doc:000', name: 'TDI, Hiroshima, 20 May 2023', file: '000_90b7408cf1023a23.txt', kind: 'news_article', published: '2023-05-20', dateline: 'Hiroshima', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']});
CREATE (:Document {id: 'doc:001', name: 'Ministry of Foreign Affairs of Japan, 19 May 2023', file: '001_04140026fd49e5bf.txt', kind: 'official_readout', published: '2023-05-19', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:2']});
CREATE (:Document {id: 'doc:002', name: 'News report, 12 December 2021', file: '002_3960f34a1ba29083.txt', kind: 'news_article', published: '2021-12-12', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']});
CREATE (:Document {id: 'doc:003', name: 'TDI, New Delhi, 4 March 2023', file: '003_e74366604250e64d.txt', kind: 'news_article', published: '2023-03-04', dateline: 'New Delhi', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']});
CREATE (:Document {id: 'doc:004', name: 'Arab News Japan, 30 June 2021', file: '004_daee57d86bbdfa35.txt', kind: 'news_article', published: '2021-06-30', publishedAt: '2021-06-30T06:06:02+09:00', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:11']});
CREATE (:Document {id: 'doc:tweet-2021-12-11', name: 'Blinken tweet, 11 December 2021', kind: 'tweet', published: '2021-12-11', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:3']});
CREATE (:Document {id: 'doc:tweet-matera', name: 'Blinken tweet on meeting Motegi', kind: 'tweet', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:15']});
CREATE (:Document {id: 'doc:press-release-2021-12-11', name: 'Press release, 11 December 2021', kind: 'press_release', published: '2021-12-11', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']});
CREATE (:Document {id: 'doc:mofa-statement-liverpool', name: 'Japanese Foreign Ministry statement on the Liverpool talks', kind: 'official_readout', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']});
CREATE (:Document {id: 'doc:state-website', name: 'US Department of State website', kind: 'website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:19', '004:20']});

// ---- Events. A day that is not stated is absent; notBefore and notAfter bound it ----

CREATE (:Event {id: 'event:g20-fmm-matera-2021', name: 'G20 Foreign and Development Ministers\' Meeting, Matera 2021', kind: 'forum_meeting', level: 'foreign_and_development_ministers', datePrecision: 'around', notAfter: '2021-06-29', status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8', '004:16']});
CREATE (:Event {id: 'event:us-jp-fm-matera-2021', name: 'US–Japan foreign ministers\' talks, Matera 2021', kind: 'bilateral_meeting', level: 'foreign_ministers', date: '2021-06-29', datePrecision: 'day', notBefore: '2021-06-29', notAfter: '2021-06-29', durationMinutes: 20, status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14', '004:16']});
CREATE (:Event {id: 'event:jp-uk-fm-2021', name: 'Japan–UK foreign ministers\' talks, June 2021', kind: 'bilateral_meeting', level: 'foreign_ministers', datePrecision: 'unknown', notAfter: '2021-06-30', status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17', '004:18']});
CREATE (:Event {id: 'event:jp-it-fm-2021', name: 'Japan–Italy foreign ministers\' talks, June 2021', kind: 'bilateral_meeting', level: 'foreign_ministers', datePrecision: 'unknown', notAfter: '2021-06-30', status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']});
CREATE (:Event {id: 'event:g7-summit-uk-2021', name: 'G7 Summit, United Kingdom 2021', kind: 'forum_meeting', level: 'leaders', datePrecision: 'month', notBefore: '2021-06-01', notAfter: '2021-06-29', status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']});
CREATE (:Event {id: 'event:g20-summit-2021', name: 'G20 Summit upcoming as of June 2021', kind: 'forum_meeting', level: 'leaders', datePrecision: 'unknown', notBefore: '2021-06-30', status: 'upcoming', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']});
CREATE (:Event {id: 'event:suga-biden-call-2021', name: 'Suga–Biden phone call, January 2021', kind: 'phone_call', level: 'leaders', datePrecision: 'part_of_month', notBefore: '2021-01-21', notAfter: '2021-01-31', status: 'held', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']});
CREATE (:Event {id: 'event:g7-fmm-liverpool-2021', name: 'G7 Foreign Ministers\' Meeting, Liverpool 2021', kind: 'forum_meeting', level: 'foreign_ministers', datePrecision: 'around', notAfter: '2021-12-11', status: 'held', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']});
CREATE (:Event {id: 'event:us-jp-fm-liverpool-2021', name: 'US–Japan foreign ministers\' talks, Liverpool 2021', kind: 'bilateral_meeting', level: 'foreign_ministers', date: '2021-12-11', datePrecision: 'day', notBefore: '2021-12-11', notAfter: '2021-12-11', durationMinutes: 25, status: 'held', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1', '002:5']});
CREATE (:Event {id: 'event:eas-biden', name: 'East Asia Summit attended by Biden', kind: 'forum_meeting', level: 'leaders', datePrecision: 'unknown', notAfter: '2021-12-11', status: 'held', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Event {id: 'event:apec-leaders-biden', name: 'APEC Leaders\' Meeting attended by Biden', kind: 'forum_meeting', level: 'leaders', datePrecision: 'unknown', notAfter: '2021-12-11', status: 'held', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Event {id: 'event:blinken-southeast-asia-visit', name: 'Blinken\'s visit to Southeast Asia', kind: 'visit', level: 'foreign_ministers', datePrecision: 'unknown', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Event {id: 'event:quad-fmm-new-delhi-2023', name: 'Quad Foreign Ministers\' Meeting, New Delhi 2023', kind: 'forum_meeting', level: 'foreign_ministers', datePrecision: 'unknown', notAfter: '2023-03-04', status: 'held', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']});
CREATE (:Event {id: 'event:us-jp-fm-new-delhi-2023', name: 'US–Japan foreign ministers\' talks, New Delhi 2023', kind: 'bilateral_meeting', level: 'foreign_ministers', datePrecision: 'unknown', notAfter: '2023-03-04', status: 'held', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']});
CREATE (:Event {id: 'event:g7-summit-hiroshima-2023', name: 'G7 Hiroshima Summit 2023', kind: 'forum_meeting', level: 'leaders', datePrecision: 'around', notAfter: '2023-05-20', status: 'held', sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:14']});
CREATE (:Event {id: 'event:us-jp-fm-hiroshima-2023', name: 'US–Japan foreign ministers\' talks, Hiroshima 2023', kind: 'bilateral_meeting', level: 'foreign_ministers', date: '2023-05-19', datePrecision: 'day', notBefore: '2023-05-19', notAfter: '2023-05-20', startTime: '17:45', durationMinutes: 45, durationApprox: true, status: 'held', sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['001:5', '000:1']});
CREATE (:Event {id: 'event:blinken-japan-visit-2023', name: 'Blinken\'s visit to Japan, May 2023', kind: 'visit', level: 'foreign_ministers', datePrecision: 'around', notAfter: '2023-05-19', status: 'held', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']});

// ---- Topics ----

CREATE (:Topic {id: 'topic:us-japan-relations', name: 'US–Japan bilateral relations', aliases: ['Japan-U.S. relationship', 'Japan-US ties', 'bilateral relationship'], sources: ['doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['001:6', '002:1', '002:5', '003:1', '004:15']});
CREATE (:Topic {id: 'topic:us-japan-alliance', name: 'US–Japan Alliance', aliases: ['Japan-U.S. Alliance', 'US-Japan alliance'], sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['000:2', '000:15', '001:6', '002:3', '003:3']});
CREATE (:Topic {id: 'topic:indo-pacific', name: 'Peace and security in the Indo-Pacific', aliases: ['Indo-Pacific'], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:1', '003:3']});
CREATE (:Topic {id: 'topic:free-and-open-indo-pacific', name: 'Free and open Indo-Pacific', aliases: ['FOIP'], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:2', '002:6', '003:12']});
CREATE (:Topic {id: 'topic:us-engagement-indo-pacific', name: 'US engagement in the Indo-Pacific', aliases: [], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5', '002:6']});
CREATE (:Topic {id: 'topic:regional-issues', name: 'Regional issues', aliases: ['regional priorities'], sources: ['doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['001:8', '002:1', '002:2', '003:1', '004:15']});
CREATE (:Topic {id: 'topic:global-challenges', name: 'Global challenges', aliases: ['global issues'], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:1', '002:2', '003:2']});
CREATE (:Topic {id: 'topic:multilateral-cooperation', name: 'Multilateral cooperation', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']});
CREATE (:Topic {id: 'topic:security-cooperation', name: 'Security cooperation', aliases: ['security'], sources: ['doc:000', 'doc:001', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:4', '001:7', '003:2', '004:18']});
CREATE (:Topic {id: 'topic:deterrence', name: 'Deterrence and response capabilities', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:7']});
CREATE (:Topic {id: 'topic:maritime-security', name: 'Maritime security', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']});
CREATE (:Topic {id: 'topic:economic-cooperation', name: 'Economic cooperation', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:4']});
CREATE (:Topic {id: 'topic:trade', name: 'Trade', aliases: [], sources: ['doc:000', 'doc:003'], nature: 'stated', paragraphs: ['000:5', '003:2']});
CREATE (:Topic {id: 'topic:investment', name: 'Investment', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:5']});
CREATE (:Topic {id: 'topic:technology-innovation', name: 'Technology and innovation', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:5']});
CREATE (:Topic {id: 'topic:economic-development', name: 'Economic development', aliases: ['inclusive economic growth'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2', '003:10']});
CREATE (:Topic {id: 'topic:economic-security', name: 'Economic security', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']});
CREATE (:Topic {id: 'topic:ipef', name: 'IPEF', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']});
CREATE (:Topic {id: 'topic:cptpp', name: 'CPTPP', aliases: ['Comprehensive and Progressive Agreement for Trans-Pacific Partnership'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']});
CREATE (:Topic {id: 'topic:ukraine', name: 'Support for Ukraine', aliases: ['Russia\'s aggression against Ukraine'], sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:9', '001:11']});
CREATE (:Topic {id: 'topic:ukraine-sovereignty', name: 'Ukraine\'s sovereignty and territorial integrity', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:8']});
CREATE (:Topic {id: 'topic:russia-sanctions', name: 'Sanctions against Russia', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']});
CREATE (:Topic {id: 'topic:us-japan-rok', name: 'US–Japan–ROK trilateral cooperation', aliases: ['US-Japan-Republic of Korea cooperation'], sources: ['doc:000', 'doc:001', 'doc:002'], nature: 'stated', paragraphs: ['000:10', '000:11', '001:10', '002:2']});
CREATE (:Topic {id: 'topic:north-korea', name: 'North Korea', aliases: [], sources: ['doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:5', '003:14']});
CREATE (:Topic {id: 'topic:denuclearization', name: 'Denuclearization', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']});
CREATE (:Topic {id: 'topic:nk-denuclearization', name: 'Complete denuclearization of North Korea', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']});
CREATE (:Topic {id: 'topic:nk-nuclear-missile', name: 'North Korea\'s nuclear and ballistic missile programs', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:6']});
CREATE (:Topic {id: 'topic:abductions', name: 'Abductions issue', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']});
CREATE (:Topic {id: 'topic:china', name: 'China', aliases: [], sources: ['doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['001:9', '002:5', '003:5']});
CREATE (:Topic {id: 'topic:humanitarian', name: 'Humanitarian efforts', aliases: [], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']});
CREATE (:Topic {id: 'topic:human-rights', name: 'Human rights', aliases: [], sources: ['doc:000', 'doc:003'], nature: 'stated', paragraphs: ['000:13', '003:9']});
CREATE (:Topic {id: 'topic:democracy', name: 'Democracy', aliases: [], sources: ['doc:000', 'doc:003'], nature: 'stated', paragraphs: ['000:13', '000:14', '003:9']});
CREATE (:Topic {id: 'topic:international-law', name: 'International law', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:9', '003:13']});
CREATE (:Topic {id: 'topic:governance', name: 'Accountable governance and rule of law', aliases: ['rule of law'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:10']});
CREATE (:Topic {id: 'topic:g7-cooperation', name: 'Cooperation in the G7', aliases: ['role of the G7'], sources: ['doc:000', 'doc:001', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['000:2', '000:15', '001:14', '003:8', '004:18']});
CREATE (:Topic {id: 'topic:g20-cooperation', name: 'Cooperation in the G20', aliases: [], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14', '004:15', '004:18']});
CREATE (:Topic {id: 'topic:quad-cooperation', name: 'Cooperation in the Quad', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']});
CREATE (:Topic {id: 'topic:unsc-cooperation', name: 'Coordination in the UN Security Council', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:8']});
CREATE (:Topic {id: 'topic:apec-2023', name: 'APEC under the US chair', aliases: [], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']});
CREATE (:Topic {id: 'topic:asean', name: 'ASEAN centrality and cooperation', aliases: ['ASEAN centrality'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2', '002:6']});
CREATE (:Topic {id: 'topic:like-minded-countries', name: 'Coordination with like-minded countries', aliases: [], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Topic {id: 'topic:two-plus-two', name: 'Holding a 2+2 meeting', aliases: [], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']});
CREATE (:Topic {id: 'topic:space', name: 'Space cooperation', aliases: ['space'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:13']});
CREATE (:Topic {id: 'topic:health-security', name: 'Global health security', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']});
CREATE (:Topic {id: 'topic:covid-19', name: 'COVID-19', aliases: [], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2', '002:3']});
CREATE (:Topic {id: 'topic:climate-change', name: 'Climate change', aliases: ['climate crisis'], sources: ['doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['002:2', '002:3', '003:7', '004:18']});
CREATE (:Topic {id: 'topic:food-security', name: 'Food security', aliases: [], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']});
CREATE (:Topic {id: 'topic:sustainable-development', name: 'Sustainable development goals', aliases: ['SDGs'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']});
CREATE (:Topic {id: 'topic:digital', name: 'Digital infrastructure', aliases: ['digital space'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:11']});
CREATE (:Topic {id: 'topic:cybersecurity', name: 'Data protection and cyber security', aliases: ['malicious cyber activities'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:12']});

// ---- OFFICE_OF: Which country an office belongs to ----

MATCH (a:Office {id: 'office:US-secretary-of-state'}), (b:Country {id: 'country:US'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Office {id: 'office:JP-foreign-minister'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Office {id: 'office:GB-foreign-secretary'}), (b:Country {id: 'country:GB'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Office {id: 'office:IT-foreign-minister'}), (b:Country {id: 'country:IT'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Office {id: 'office:US-president'}), (b:Country {id: 'country:US'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Office {id: 'office:JP-prime-minister'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:OFFICE_OF {sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:21']}]->(b);

// ---- HELD_OFFICE: Who is attested in which office, and when; never a term of office ----

MATCH (a:Person {id: 'person:antony-blinken'}), (b:Office {id: 'office:US-secretary-of-state'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-29', '2021-12-11', '2023-03-04', '2023-05-19'], firstAttested: '2021-06-29', lastAttested: '2023-05-19', sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003', 'doc:004'], nature: 'stated', paragraphs: ['004:14', '002:1', '001:5', '003:1', '000:1'], inferredParagraphs: ['003:1', '000:1']}]->(b);
MATCH (a:Person {id: 'person:hayashi-yoshimasa'}), (b:Office {id: 'office:JP-foreign-minister'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-12-11', '2023-03-04', '2023-05-19'], firstAttested: '2021-12-11', lastAttested: '2023-05-19', sources: ['doc:000', 'doc:001', 'doc:002', 'doc:003'], nature: 'stated', paragraphs: ['002:1', '003:1', '001:5', '000:1']}]->(b);
MATCH (a:Person {id: 'person:motegi-toshimitsu'}), (b:Office {id: 'office:JP-foreign-minister'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-29'], firstAttested: '2021-06-29', lastAttested: '2021-06-29', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']}]->(b);
MATCH (a:Person {id: 'person:dominic-raab'}), (b:Office {id: 'office:GB-foreign-secretary'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-30'], firstAttested: '2021-06-30', lastAttested: '2021-06-30', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:luigi-di-maio'}), (b:Office {id: 'office:IT-foreign-minister'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-30'], firstAttested: '2021-06-30', lastAttested: '2021-06-30', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:joe-biden'}), (b:Office {id: 'office:US-president'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-30', '2021-12-12'], firstAttested: '2021-06-30', lastAttested: '2021-12-12', sources: ['doc:002', 'doc:004'], nature: 'stated', paragraphs: ['004:21', '002:6']}]->(b);
MATCH (a:Person {id: 'person:suga-yoshihide'}), (b:Office {id: 'office:JP-prime-minister'}) CREATE (a)-[:HELD_OFFICE {attestedOn: ['2021-06-30'], firstAttested: '2021-06-30', lastAttested: '2021-06-30', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);

// ---- MEMBER_OF: Members of forums ----

MATCH (a:Country {id: 'country:US'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Country {id: 'country:IN'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Country {id: 'country:AU'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:000'], nature: 'inferred', paragraphs: ['000:9']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MEMBER_OF {sources: ['doc:000'], nature: 'inferred', paragraphs: ['000:9']}]->(b);

// ---- HOLDS_CHAIR: Who chairs a forum ----

MATCH (a:Country {id: 'country:US'}), (b:Forum {id: 'forum:APEC'}) CREATE (a)-[:HOLDS_CHAIR {year: 2023, sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']}]->(b);

// ---- IN_COUNTRY: Where places are ----

MATCH (a:Place {id: 'place:hiroshima'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:IN_COUNTRY {sources: ['doc:000', 'doc:001'], nature: 'inferred', paragraphs: ['000:6', '001:6']}]->(b);
MATCH (a:Place {id: 'place:liverpool'}), (b:Country {id: 'country:GB'}) CREATE (a)-[:IN_COUNTRY {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Place {id: 'place:new-delhi'}), (b:Country {id: 'country:IN'}) CREATE (a)-[:IN_COUNTRY {sources: [], nature: 'reference'}]->(b);
MATCH (a:Place {id: 'place:matera'}), (b:Country {id: 'country:IT'}) CREATE (a)-[:IN_COUNTRY {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']}]->(b);

// ---- PUBLISHED_BY: Publishers ----

MATCH (a:Document {id: 'doc:000'}), (b:Organization {id: 'org:tdi'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Organization {id: 'org:tdi'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Organization {id: 'org:mofa-japan'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:001'], nature: 'inferred', paragraphs: ['001:1', '001:5']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Organization {id: 'org:arab-news-japan'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:13']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Organization {id: 'org:jiji-press'}) CREATE (a)-[:PUBLISHED_BY {role: 'contributor', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:22']}]->(b);
MATCH (a:Document {id: 'doc:mofa-statement-liverpool'}), (b:Organization {id: 'org:mofa-japan'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Document {id: 'doc:state-website'}), (b:Organization {id: 'org:us-state-department'}) CREATE (a)-[:PUBLISHED_BY {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:19']}]->(b);

// ---- AUTHORED_BY: Authors ----

MATCH (a:Document {id: 'doc:tweet-2021-12-11'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:AUTHORED_BY {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:3']}]->(b);
MATCH (a:Document {id: 'doc:tweet-matera'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:AUTHORED_BY {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:15']}]->(b);

// ---- CITES: What documents cite ----

MATCH (a:Document {id: 'doc:002'}), (b:Document {id: 'doc:tweet-2021-12-11'}) CREATE (a)-[:CITES {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2', '002:3']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Document {id: 'doc:press-release-2021-12-11'}) CREATE (a)-[:CITES {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Document {id: 'doc:mofa-statement-liverpool'}) CREATE (a)-[:CITES {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Document {id: 'doc:tweet-matera'}) CREATE (a)-[:CITES {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:15']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Document {id: 'doc:state-website'}) CREATE (a)-[:CITES {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:19', '004:20']}]->(b);

// ---- EDITION_OF: Which forum an event is a meeting of ----

MATCH (a:Event {id: 'event:g20-fmm-matera-2021'}), (b:Forum {id: 'forum:G20'}) CREATE (a)-[:EDITION_OF {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']}]->(b);
MATCH (a:Event {id: 'event:g20-summit-2021'}), (b:Forum {id: 'forum:G20'}) CREATE (a)-[:EDITION_OF {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:g7-summit-uk-2021'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:EDITION_OF {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:g7-fmm-liverpool-2021'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:EDITION_OF {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Event {id: 'event:g7-summit-hiroshima-2023'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:EDITION_OF {sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:14']}]->(b);
MATCH (a:Event {id: 'event:quad-fmm-new-delhi-2023'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:EDITION_OF {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:eas-biden'}), (b:Forum {id: 'forum:EAS'}) CREATE (a)-[:EDITION_OF {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:apec-leaders-biden'}), (b:Forum {id: 'forum:APEC'}) CREATE (a)-[:EDITION_OF {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);

// ---- HELD_ALONGSIDE: Talks and the meeting beside which they were held ----

MATCH (a:Event {id: 'event:us-jp-fm-matera-2021'}), (b:Event {id: 'event:g20-fmm-matera-2021'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'sidelines', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8', '004:16']}]->(b);
MATCH (a:Event {id: 'event:jp-uk-fm-2021'}), (b:Event {id: 'event:g20-fmm-matera-2021'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'presumed', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Event {id: 'event:jp-it-fm-2021'}), (b:Event {id: 'event:g20-fmm-matera-2021'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'presumed', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Event {id: 'event:g7-fmm-liverpool-2021'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'sidelines', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Event {id: 'event:quad-fmm-new-delhi-2023'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'following', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Event {id: 'event:g7-summit-hiroshima-2023'}) CREATE (a)-[:HELD_ALONGSIDE {mode: 'sidelines', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);

// ---- LOCATED_IN: Where events took place ----

MATCH (a:Event {id: 'event:g20-fmm-matera-2021'}), (b:Place {id: 'place:matera'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-matera-2021'}), (b:Place {id: 'place:matera'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:16']}]->(b);
MATCH (a:Event {id: 'event:g7-summit-uk-2021'}), (b:Country {id: 'country:GB'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:g7-fmm-liverpool-2021'}), (b:Place {id: 'place:liverpool'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Place {id: 'place:liverpool'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:4']}]->(b);
MATCH (a:Event {id: 'event:blinken-southeast-asia-visit'}), (b:Place {id: 'place:southeast-asia'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:quad-fmm-new-delhi-2023'}), (b:Place {id: 'place:new-delhi'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Place {id: 'place:new-delhi'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:003'], nature: 'inferred', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:g7-summit-hiroshima-2023'}), (b:Place {id: 'place:hiroshima'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:14']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Place {id: 'place:hiroshima'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:000', 'doc:001'], nature: 'inferred', paragraphs: ['001:6', '000:1']}]->(b);
MATCH (a:Event {id: 'event:blinken-japan-visit-2023'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:LOCATED_IN {sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);

// ---- PARTICIPATED_IN: Who took part, in which office at that event ----

MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:us-jp-fm-matera-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']}]->(b);
MATCH (a:Person {id: 'person:motegi-toshimitsu'}), (b:Event {id: 'event:us-jp-fm-matera-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']}]->(b);
MATCH (a:Person {id: 'person:motegi-toshimitsu'}), (b:Event {id: 'event:jp-uk-fm-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:dominic-raab'}), (b:Event {id: 'event:jp-uk-fm-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:GB-foreign-secretary', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:motegi-toshimitsu'}), (b:Event {id: 'event:jp-it-fm-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:luigi-di-maio'}), (b:Event {id: 'event:jp-it-fm-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:IT-foreign-minister', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Person {id: 'person:suga-yoshihide'}), (b:Event {id: 'event:suga-biden-call-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-prime-minister', note: 'first Asian leader to do so', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);
MATCH (a:Person {id: 'person:joe-biden'}), (b:Event {id: 'event:suga-biden-call-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-president', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);
MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:us-jp-fm-liverpool-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Person {id: 'person:hayashi-yoshimasa'}), (b:Event {id: 'event:us-jp-fm-liverpool-2021'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Person {id: 'person:joe-biden'}), (b:Event {id: 'event:eas-biden'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-president', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Person {id: 'person:joe-biden'}), (b:Event {id: 'event:apec-leaders-biden'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-president', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:blinken-southeast-asia-visit'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:us-jp-fm-new-delhi-2023'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Person {id: 'person:hayashi-yoshimasa'}), (b:Event {id: 'event:us-jp-fm-new-delhi-2023'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:5']}]->(b);
MATCH (a:Person {id: 'person:hayashi-yoshimasa'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:JP-foreign-minister', sources: ['doc:000', 'doc:001'], nature: 'stated', paragraphs: ['000:1', '001:5']}]->(b);
MATCH (a:Person {id: 'person:antony-blinken'}), (b:Event {id: 'event:blinken-japan-visit-2023'}) CREATE (a)-[:PARTICIPATED_IN {office: 'office:US-secretary-of-state', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Person {id: 'person:joe-biden'}), (b:Event {id: 'event:g7-summit-hiroshima-2023'}) CREATE (a)-[:PARTICIPATED_IN {sources: ['doc:000'], nature: 'inferred', paragraphs: ['000:6']}]->(b);

// ---- PARTY_TO: Countries that took part, by their representatives ----

MATCH (a:Country {id: 'country:US'}), (b:Event {id: 'event:us-jp-fm-matera-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:antony-blinken', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:14']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:us-jp-fm-matera-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:motegi-toshimitsu', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:14']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:jp-uk-fm-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:motegi-toshimitsu', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Country {id: 'country:GB'}), (b:Event {id: 'event:jp-uk-fm-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:dominic-raab', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:jp-it-fm-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:motegi-toshimitsu', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Country {id: 'country:IT'}), (b:Event {id: 'event:jp-it-fm-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:luigi-di-maio', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:17']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:suga-biden-call-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:suga-yoshihide', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:21']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Event {id: 'event:suga-biden-call-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:joe-biden', sources: ['doc:004'], nature: 'inferred', paragraphs: ['004:21']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Event {id: 'event:us-jp-fm-liverpool-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:antony-blinken', sources: ['doc:002'], nature: 'inferred', paragraphs: ['002:1']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:us-jp-fm-liverpool-2021'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:hayashi-yoshimasa', sources: ['doc:002'], nature: 'inferred', paragraphs: ['002:1']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Event {id: 'event:us-jp-fm-new-delhi-2023'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:antony-blinken', sources: ['doc:003'], nature: 'inferred', paragraphs: ['003:1']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:us-jp-fm-new-delhi-2023'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:hayashi-yoshimasa', sources: ['doc:003'], nature: 'inferred', paragraphs: ['003:1']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:antony-blinken', sources: ['doc:000', 'doc:001'], nature: 'inferred', paragraphs: ['001:5', '000:1']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:PARTY_TO {representedBy: 'person:hayashi-yoshimasa', sources: ['doc:000', 'doc:001'], nature: 'inferred', paragraphs: ['001:5', '000:1']}]->(b);

// ---- REPORTS: What documents report, with each document's own values: conflicts are read off two of these ----

MATCH (a:Document {id: 'doc:000'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:REPORTS {role: 'main', date: '2023-05-20', city: 'Hiroshima', mode: 'sidelines', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Event {id: 'event:us-jp-fm-hiroshima-2023'}) CREATE (a)-[:REPORTS {role: 'main', date: '2023-05-19', city: 'Hiroshima', startTime: '17:45', durationMinutes: 45, sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5', '001:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Event {id: 'event:us-jp-fm-liverpool-2021'}) CREATE (a)-[:REPORTS {role: 'main', date: '2021-12-11', city: 'Liverpool', mode: 'sidelines', durationMinutes: 25, weekday: 'Saturday', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1', '002:5']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Event {id: 'event:us-jp-fm-new-delhi-2023'}) CREATE (a)-[:REPORTS {role: 'main', city: 'New Delhi', mode: 'following', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:us-jp-fm-matera-2021'}) CREATE (a)-[:REPORTS {role: 'main', date: '2021-06-29', city: 'Matera', mode: 'sidelines', durationMinutes: 20, sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14', '004:16']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Event {id: 'event:g7-summit-hiroshima-2023'}) CREATE (a)-[:REPORTS {role: 'background', city: 'Hiroshima', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Event {id: 'event:g7-summit-hiroshima-2023'}) CREATE (a)-[:REPORTS {role: 'background', city: 'Hiroshima', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Event {id: 'event:blinken-japan-visit-2023'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Event {id: 'event:g7-fmm-liverpool-2021'}) CREATE (a)-[:REPORTS {role: 'background', city: 'Liverpool', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Event {id: 'event:eas-biden'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Event {id: 'event:apec-leaders-biden'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Event {id: 'event:blinken-southeast-asia-visit'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Event {id: 'event:quad-fmm-new-delhi-2023'}) CREATE (a)-[:REPORTS {role: 'background', city: 'New Delhi', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:g20-fmm-matera-2021'}) CREATE (a)-[:REPORTS {role: 'background', city: 'Matera', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:jp-uk-fm-2021'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:jp-it-fm-2021'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:g7-summit-uk-2021'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:g20-summit-2021'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Event {id: 'event:suga-biden-call-2021'}) CREATE (a)-[:REPORTS {role: 'background', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);

// ---- CONCERNS: Which country or forum a topic concerns (editorial) ----

MATCH (a:Topic {id: 'topic:us-japan-relations'}), (b:Country {id: 'country:US'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-relations'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-alliance'}), (b:Country {id: 'country:US'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-alliance'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-engagement-indo-pacific'}), (b:Country {id: 'country:US'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:economic-security'}), (b:Forum {id: 'forum:economic-2plus2'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:ukraine'}), (b:Country {id: 'country:UA'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:ukraine'}), (b:Country {id: 'country:RU'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:ukraine-sovereignty'}), (b:Country {id: 'country:UA'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:russia-sanctions'}), (b:Country {id: 'country:RU'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-rok'}), (b:Country {id: 'country:US'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-rok'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-japan-rok'}), (b:Country {id: 'country:KR'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:north-korea'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-denuclearization'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-denuclearization'}), (b:Forum {id: 'forum:UNSC'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-nuclear-missile'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:abductions'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:abductions'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:china'}), (b:Country {id: 'country:CN'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:g7-cooperation'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:g20-cooperation'}), (b:Forum {id: 'forum:G20'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:quad-cooperation'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:unsc-cooperation'}), (b:Forum {id: 'forum:UNSC'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:apec-2023'}), (b:Forum {id: 'forum:APEC'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:asean'}), (b:Forum {id: 'forum:ASEAN'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:like-minded-countries'}), (b:Country {id: 'country:AU'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:like-minded-countries'}), (b:Country {id: 'country:IN'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:two-plus-two'}), (b:Forum {id: 'forum:2plus2'}) CREATE (a)-[:CONCERNS {sources: [], nature: 'reference'}]->(b);

// ---- BROADER: From a topic to the wider one (editorial) ----

MATCH (a:Topic {id: 'topic:us-japan-alliance'}), (b:Topic {id: 'topic:us-japan-relations'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:free-and-open-indo-pacific'}), (b:Topic {id: 'topic:indo-pacific'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:us-engagement-indo-pacific'}), (b:Topic {id: 'topic:indo-pacific'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:deterrence'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:deterrence'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:maritime-security'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:trade'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:investment'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:technology-innovation'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:economic-development'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:economic-security'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:ipef'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:cptpp'}), (b:Topic {id: 'topic:trade'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:ukraine-sovereignty'}), (b:Topic {id: 'topic:ukraine'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:russia-sanctions'}), (b:Topic {id: 'topic:ukraine'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-denuclearization'}), (b:Topic {id: 'topic:north-korea'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-denuclearization'}), (b:Topic {id: 'topic:denuclearization'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:nk-nuclear-missile'}), (b:Topic {id: 'topic:north-korea'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:abductions'}), (b:Topic {id: 'topic:north-korea'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:g7-cooperation'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:g20-cooperation'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:quad-cooperation'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:unsc-cooperation'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:apec-2023'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:asean'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:like-minded-countries'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:two-plus-two'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:covid-19'}), (b:Topic {id: 'topic:health-security'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:food-security'}), (b:Topic {id: 'topic:sustainable-development'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);
MATCH (a:Topic {id: 'topic:cybersecurity'}), (b:Topic {id: 'topic:digital'}) CREATE (a)-[:BROADER {sources: [], nature: 'reference'}]->(b);

// ---- DISCUSSED: What was discussed, one for each speech act ----

MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'emphasis', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:g7-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'emphasis', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:15']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:g7-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:15']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:economic-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'on_agenda', force: 'discussion', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:4']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'on_agenda', force: 'discussion', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:4']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:trade'}) CREATE (a)-[:DISCUSSED {act: 'pledged', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:investment'}) CREATE (a)-[:DISCUSSED {act: 'pledged', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:technology-innovation'}) CREATE (a)-[:DISCUSSED {act: 'pledged', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:ukraine-sovereignty'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:8']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:ukraine'}) CREATE (a)-[:DISCUSSED {act: 'pledged', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:9']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-rok'}) CREATE (a)-[:DISCUSSED {act: 'underscored', force: 'emphasis', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-rok'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:denuclearization'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:maritime-security'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:humanitarian'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:human-rights'}) CREATE (a)-[:DISCUSSED {act: 'emphasized', force: 'emphasis', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:13']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:democracy'}) CREATE (a)-[:DISCUSSED {act: 'underscored', force: 'emphasis', actor: 'both', sources: ['doc:000'], nature: 'stated', paragraphs: ['000:13', '000:14']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-relations'}) CREATE (a)-[:DISCUSSED {act: 'confirmed', force: 'emphasis', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:DISCUSSED {act: 'confirmed', force: 'emphasis', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:deterrence'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:regional-issues'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:8']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:china'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:9']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:china'}) CREATE (a)-[:DISCUSSED {act: 'confirmed', force: 'emphasis', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:9']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:nk-denuclearization'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:us-japan-rok'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:abductions'}) CREATE (a)-[:DISCUSSED {act: 'asked', force: 'request', actor: 'person:hayashi-yoshimasa', addressee: 'person:antony-blinken', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:abductions'}) CREATE (a)-[:DISCUSSED {act: 'supported', force: 'support', actor: 'person:antony-blinken', addressee: 'person:hayashi-yoshimasa', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:russia-sanctions'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:ukraine'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:economic-security'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:ipef'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:cptpp'}) CREATE (a)-[:DISCUSSED {act: 'conveyed', force: 'statement', actor: 'person:hayashi-yoshimasa', addressee: 'person:antony-blinken', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:space'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:13']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:g7-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-hiroshima-2023'}), (b:Topic {id: 'topic:apec-2023'}) CREATE (a)-[:DISCUSSED {act: 'concurred', force: 'agreement', actor: 'both', sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:us-japan-relations'}) CREATE (a)-[:DISCUSSED {act: 'highlighted', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1', '002:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'reiterated', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:regional-issues'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1', '002:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:global-challenges'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1', '002:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:covid-19'}) CREATE (a)-[:DISCUSSED {act: 'looked_forward_to', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2', '002:3']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:climate-change'}) CREATE (a)-[:DISCUSSED {act: 'looked_forward_to', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2', '002:3']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:3']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:asean'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:us-japan-rok'}) CREATE (a)-[:DISCUSSED {act: 'highlighted', force: 'statement', actor: 'person:antony-blinken', addressee: 'person:hayashi-yoshimasa', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:free-and-open-indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'highlighted', force: 'statement', actor: 'person:antony-blinken', addressee: 'person:hayashi-yoshimasa', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:china'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:north-korea'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:us-engagement-indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'welcomed', force: 'statement', actor: 'person:hayashi-yoshimasa', addressee: 'person:antony-blinken', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:us-engagement-indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'praised', force: 'statement', actor: 'person:hayashi-yoshimasa', addressee: 'person:antony-blinken', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:asean'}) CREATE (a)-[:DISCUSSED {act: 'underscored', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:like-minded-countries'}) CREATE (a)-[:DISCUSSED {act: 'underscored', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:free-and-open-indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'underscored', force: 'emphasis', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-liverpool-2021'}), (b:Topic {id: 'topic:two-plus-two'}) CREATE (a)-[:DISCUSSED {act: 'agreed', force: 'agreement', actor: 'both', sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:us-japan-relations'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:regional-issues'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:multilateral-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:global-challenges'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:economic-development'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:trade'}) CREATE (a)-[:DISCUSSED {act: 'exchanged_views', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:2']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:us-japan-alliance'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'statement', actor: 'person:antony-blinken', addressee: 'person:hayashi-yoshimasa', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:3']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:3']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:quad-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'agreed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:china'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:5']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:nk-nuclear-missile'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:6']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:health-security'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:climate-change'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:food-security'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:sustainable-development'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:7']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:unsc-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'highlighted', force: 'emphasis', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:8']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:g7-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'highlighted', force: 'emphasis', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:8']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:democracy'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:9']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:human-rights'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:9']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:international-law'}) CREATE (a)-[:DISCUSSED {act: 'committed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:9', '003:13']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:governance'}) CREATE (a)-[:DISCUSSED {act: 'endorsed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:economic-development'}) CREATE (a)-[:DISCUSSED {act: 'endorsed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:10']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:digital'}) CREATE (a)-[:DISCUSSED {act: 'acknowledged', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:11']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:cybersecurity'}) CREATE (a)-[:DISCUSSED {act: 'acknowledged', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'inferred', paragraphs: ['003:12']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:free-and-open-indo-pacific'}) CREATE (a)-[:DISCUSSED {act: 'affirmed', force: 'agreement', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:12']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-new-delhi-2023'}), (b:Topic {id: 'topic:north-korea'}) CREATE (a)-[:DISCUSSED {act: 'discussed', force: 'discussion', actor: 'both', sources: ['doc:003'], nature: 'stated', paragraphs: ['003:14']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-matera-2021'}), (b:Topic {id: 'topic:g20-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'confirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14', '004:15']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-matera-2021'}), (b:Topic {id: 'topic:us-japan-relations'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:15']}]->(b);
MATCH (a:Event {id: 'event:us-jp-fm-matera-2021'}), (b:Topic {id: 'topic:regional-issues'}) CREATE (a)-[:DISCUSSED {act: 'reaffirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:15']}]->(b);
MATCH (a:Event {id: 'event:jp-uk-fm-2021'}), (b:Topic {id: 'topic:climate-change'}) CREATE (a)-[:DISCUSSED {act: 'affirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:jp-uk-fm-2021'}), (b:Topic {id: 'topic:g7-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'affirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:jp-uk-fm-2021'}), (b:Topic {id: 'topic:g20-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'affirmed', force: 'emphasis', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Event {id: 'event:jp-uk-fm-2021'}), (b:Topic {id: 'topic:security-cooperation'}) CREATE (a)-[:DISCUSSED {act: 'agreed', force: 'agreement', actor: 'both', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);

// ---- COMMITTED_TO: General positions, not tied to a meeting ----

MATCH (a:Country {id: 'country:US'}), (b:Topic {id: 'topic:covid-19'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Topic {id: 'topic:climate-change'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);
MATCH (a:Country {id: 'country:US'}), (b:Topic {id: 'topic:human-rights'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Topic {id: 'topic:covid-19'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Topic {id: 'topic:climate-change'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);
MATCH (a:Country {id: 'country:JP'}), (b:Topic {id: 'topic:human-rights'}) CREATE (a)-[:COMMITTED_TO {via: 'doc:state-website', sources: ['doc:004'], nature: 'stated', paragraphs: ['004:20']}]->(b);

// ---- MENTIONS: Spellings used in each document ----

MATCH (a:Document {id: 'doc:000'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:MENTIONS {forms: ['Antony J. Blinken', 'Secretary Blinken'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:MENTIONS {forms: ['Antony Blinken', 'Secretary Blinken'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:MENTIONS {forms: ['Antony Blinken', 'Blinken', 'Secretary Antony Blinken', '@SecBlinken'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:MENTIONS {forms: ['Antony Blinken', 'US Secretary'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:antony-blinken'}) CREATE (a)-[:MENTIONS {forms: ['Antony Blinken', 'Blinken', '@SecBlinken'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:6']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Person {id: 'person:hayashi-yoshimasa'}) CREATE (a)-[:MENTIONS {forms: ['Hayashi Yoshimasa', 'Foreign Minister Hayashi'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Person {id: 'person:hayashi-yoshimasa'}) CREATE (a)-[:MENTIONS {forms: ['HAYASHI Yoshimasa', 'Minister Hayashi'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:5']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Person {id: 'person:hayashi-yoshimasa'}) CREATE (a)-[:MENTIONS {forms: ['Yoshimasa Hayashi', 'Hayashi Yoshimasa', 'Foreign Minister Hayashi', 'Hayashi', 'Yoshimasa'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Person {id: 'person:hayashi-yoshimasa'}) CREATE (a)-[:MENTIONS {forms: ['HayashiYoshimasa'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:motegi-toshimitsu'}) CREATE (a)-[:MENTIONS {forms: ['MOTEGI Toshimitsu', 'Foreign Minister Motegi', 'Motegi'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:6']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:dominic-raab'}) CREATE (a)-[:MENTIONS {forms: ['Dominic Raab', 'Raab'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:luigi-di-maio'}) CREATE (a)-[:MENTIONS {forms: ['Luigi Di Maio'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Person {id: 'person:joe-biden'}) CREATE (a)-[:MENTIONS {forms: ['Joe Biden'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Person {id: 'person:joe-biden'}) CREATE (a)-[:MENTIONS {forms: ['Joe Biden'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:joe-biden'}) CREATE (a)-[:MENTIONS {forms: ['Joe Biden'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Person {id: 'person:suga-yoshihide'}) CREATE (a)-[:MENTIONS {forms: ['SUGA Yoshihide', 'Suga'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:21']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Country {id: 'country:US'}) CREATE (a)-[:MENTIONS {forms: ['United States', 'US'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:US'}) CREATE (a)-[:MENTIONS {forms: ['United States of America', 'U.S.'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:1']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:US'}) CREATE (a)-[:MENTIONS {forms: ['US', 'U.S.', 'United States'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:US'}) CREATE (a)-[:MENTIONS {forms: ['United States', 'US'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Country {id: 'country:US'}) CREATE (a)-[:MENTIONS {forms: ['US', 'United States'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:14']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:MENTIONS {forms: ['Japan', 'Japanese'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:MENTIONS {forms: ['Japan'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:1']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:MENTIONS {forms: ['Japan', 'Japanese'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:MENTIONS {forms: ['Japan', 'Japanese'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Country {id: 'country:JP'}) CREATE (a)-[:MENTIONS {forms: ['Japan', 'Japanese'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:5']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Country {id: 'country:KR'}) CREATE (a)-[:MENTIONS {forms: ['ROK'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:10']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:KR'}) CREATE (a)-[:MENTIONS {forms: ['ROK'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:KR'}) CREATE (a)-[:MENTIONS {forms: ['Republic of Korea'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:MENTIONS {forms: ['North Korea'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:MENTIONS {forms: ['North Korea'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:KP'}) CREATE (a)-[:MENTIONS {forms: ['North Korea'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:6']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:CN'}) CREATE (a)-[:MENTIONS {forms: ['China'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:9']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:CN'}) CREATE (a)-[:MENTIONS {forms: ['China'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:5']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:CN'}) CREATE (a)-[:MENTIONS {forms: ['China'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:5']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:RU'}) CREATE (a)-[:MENTIONS {forms: ['Russia'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Country {id: 'country:UA'}) CREATE (a)-[:MENTIONS {forms: ['Ukraine'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:7']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Country {id: 'country:UA'}) CREATE (a)-[:MENTIONS {forms: ['Ukraine'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:GB'}) CREATE (a)-[:MENTIONS {forms: ['United Kingdom'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Country {id: 'country:GB'}) CREATE (a)-[:MENTIONS {forms: ['Britain', 'British'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:17']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Country {id: 'country:IT'}) CREATE (a)-[:MENTIONS {forms: ['Italy', 'Italian'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:8']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:IN'}) CREATE (a)-[:MENTIONS {forms: ['India'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:IN'}) CREATE (a)-[:MENTIONS {forms: ['India'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Country {id: 'country:AU'}) CREATE (a)-[:MENTIONS {forms: ['Australia'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Country {id: 'country:AU'}) CREATE (a)-[:MENTIONS {forms: ['Australia'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:4']}]->(b);
MATCH (a:Document {id: 'doc:000'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MENTIONS {forms: ['G7'], sources: ['doc:000'], nature: 'stated', paragraphs: ['000:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MENTIONS {forms: ['G7'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:11']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MENTIONS {forms: ['G7'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:1']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MENTIONS {forms: ['G7'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:8']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Forum {id: 'forum:G7'}) CREATE (a)-[:MENTIONS {forms: ['Group of Seven'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:18']}]->(b);
MATCH (a:Document {id: 'doc:004'}), (b:Forum {id: 'forum:G20'}) CREATE (a)-[:MENTIONS {forms: ['G20', 'G-20'], sources: ['doc:004'], nature: 'stated', paragraphs: ['004:6']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Forum {id: 'forum:Quad'}) CREATE (a)-[:MENTIONS {forms: ['Quad'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:1']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Forum {id: 'forum:APEC'}) CREATE (a)-[:MENTIONS {forms: ['APEC'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:14']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Forum {id: 'forum:APEC'}) CREATE (a)-[:MENTIONS {forms: ['Asia-Pacific Economic Cooperation', 'APEC'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Forum {id: 'forum:EAS'}) CREATE (a)-[:MENTIONS {forms: ['East Asia Summit', 'EAS'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Forum {id: 'forum:ASEAN'}) CREATE (a)-[:MENTIONS {forms: ['ASEAN'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:2']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Forum {id: 'forum:UNSC'}) CREATE (a)-[:MENTIONS {forms: ['UN Security Council'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:10']}]->(b);
MATCH (a:Document {id: 'doc:003'}), (b:Forum {id: 'forum:UNSC'}) CREATE (a)-[:MENTIONS {forms: ['United Nations Security Council'], sources: ['doc:003'], nature: 'stated', paragraphs: ['003:8']}]->(b);
MATCH (a:Document {id: 'doc:002'}), (b:Forum {id: 'forum:2plus2'}) CREATE (a)-[:MENTIONS {forms: ['2+2'], sources: ['doc:002'], nature: 'stated', paragraphs: ['002:6']}]->(b);
MATCH (a:Document {id: 'doc:001'}), (b:Forum {id: 'forum:economic-2plus2'}) CREATE (a)-[:MENTIONS {forms: ['Economic “2+2”'], sources: ['doc:001'], nature: 'stated', paragraphs: ['001:12']}]->(b);
