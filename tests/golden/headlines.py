"""Made events, in the wordings of made publishers; none of these headlines was ever printed."""

from __future__ import annotations

# day of December 2024, hour (UTC), wordings: each list reports one event
EVENTS: list[tuple[int, float, list[str]]] = [
    # the central bank
    (9, 13.0, [
        "Fed seen cutting rates by a quarter point next week, survey finds",
        "Survey: economists expect the Fed to cut rates by a quarter point next week",
        "Economists polled see a quarter-point Fed rate cut next week",
    ]),
    (11, 13.5, [
        "US consumer prices rise 0.3 % in November, as forecast",
        "Consumer prices in the US rose 0.3 % in November, in line with forecasts",
        "US inflation: November consumer prices up 0.3 %",
        "November CPI rises 0.3 %, clearing the way for a Fed cut",
    ]),
    (18, 19.0, [
        "Fed cuts interest rates by a quarter point and sees fewer cuts in 2025",
        "Federal Reserve cuts interest rates by a quarter point, signals fewer cuts next year",
        "Fed lowers rates a quarter point, projects only two cuts in 2025",
        "Fed cuts rates by 25 basis points, pencils in two more for 2025",
        "FOMC lowers federal funds rate a quarter point; dot plot shows two cuts in 2025",
        "Fed trims rates by quarter point but signals slower pace ahead",
        "UPDATE 1-Fed cuts interest rates by a quarter point and sees fewer cuts in 2025",
        "UPDATE 2-Fed cuts interest rates by a quarter point and sees fewer cuts in 2025",
    ]),
    (18, 19.6, [
        "Powell says Fed can be more cautious as it considers further cuts",
        "Powell: Fed can be more cautious about further rate cuts",
        "Fed chair Powell says policy can now be more cautious",
        "Powell assures reporters the Fed will be cautious on further cuts",
    ]),
    (18, 20.8, [
        "Stocks plunge after Fed signals fewer cuts, Dow loses over 1,100 points",
        "Wall Street plunges as Fed signals fewer rate cuts; Dow drops 1,100 points",
        "Dow tumbles more than 1,100 points after hawkish Fed cut",
        "Stock sell-off deepens after Fed signals fewer cuts next year",
        "US stocks sink in broad rout after Fed's hawkish cut",
    ]),
    (20, 15.0, [
        "Fed's Hallworth dissents, says rates should have stayed on hold",
        "Hallworth explains dissent: rates should have been kept",
        "Fed dissenter Hallworth says she would have kept rates",
    ]),
    (27, 16.0, [
        "Traders price in a Fed pause in January",
        "Futures show traders betting on a Fed pause in January",
        "Rate futures price in Fed pause at January meeting",
    ]),
    # the sell-off
    (19, 8.0, [
        "Asian shares slide as Wall Street rout spreads",
        "Asia stocks slide after Wall Street rout",
        "Asian markets tumble in wake of Wall Street sell-off",
    ]),
    (18, 21.3, [
        "VIX soars 74 % in second-biggest daily jump on record",
        "Volatility index jumps 74 %, second-largest daily spike ever",
        "Wall Street fear gauge VIX soars 74 %",
        "VIX spikes 74 % as investors rush for protection",
    ]),
    (19, 16.0, [
        "Margin calls force hedge funds to dump shares after the rout",
        "Hedge funds dump shares as margin calls mount",
        "Forced selling: margin calls hit hedge funds after rout",
    ]),
    (20, 9.0, [
        "Global stocks head for worst week since 2022",
        "World shares on course for the worst week since 2022",
        "Stocks set for their worst week since 2022 as sell-off goes global",
    ]),
    (23, 11.0, [
        "Is the sell-off over? Strategists see capitulation",
        "Strategists see signs of capitulation as the sell-off fades",
        "Capitulation signs suggest sell-off is over, strategists say",
    ]),
    (10, 17.0, [
        "Crypto tokens crash as leveraged bets are wiped out",
        "Crypto crash wipes out leveraged bets",
        "Leveraged crypto bets wiped out in flash crash",
    ]),
    # small companies
    (11, 21.0, [
        "Russell 2000 climbs 2 % as small caps lead after inflation report",
        "Small caps lead gains after inflation report, Russell 2000 up 2 %",
        "Small-cap stocks rally, Russell 2000 rises 2 % on inflation data",
        "Russell 2000 jumps as small-cap shares cheer inflation figures",
    ]),
    (18, 21.0, [
        "Russell 2000 falls 4.4 % in worst day for small caps since 2022",
        "Small caps have worst day since 2022 as Russell 2000 drops 4.4 %",
        "Small-cap stocks slump 4.4 % in worst day in two years",
    ]),
    (26, 21.0, [
        "Small caps outshine giants as Russell 2000 gains for third day",
        "Russell 2000 gains for a third day, small caps outshine giants",
        "Third straight gain for Russell 2000 as small-cap rally broadens",
    ]),
    (12, 14.0, [
        "Regional banks rally as yield curve steepens",
        "Shares of regional banks jump on a steeper yield curve",
        "Steeper yield curve lifts US regional bank stocks",
        "KRE fund of regional banks hits high as curve steepens",
    ]),
    (17, 15.0, [
        "Harlan Valley Bancorp shares dive 31 % on bad property loans",
        "Harlan Valley Bancorp plunges after setting money aside for property loans",
        "Regional lender Harlan Valley Bancorp sinks 31 % on property loan losses",
        "Bad property loans sink shares of regional bank Harlan Valley",
    ]),
    (16, 14.0, [
        "Equal-weight S&P 500 lags as mega caps lead",
        "Mega caps lead while the equal-weight S&P 500 lags",
        "Market breadth narrows: equal-weight S&P 500 falls for tenth day",
    ]),
    (13, 12.0, [
        "Biotech fund XBI jumps on wave of takeovers",
        "XBI climbs as wave of takeovers lifts biotech stocks",
        "Biotech shares surge on takeover wave",
    ]),
    (30, 14.0, [
        "Small-business lending standards ease for first time in three years",
        "Banks ease small-business lending standards for first time in three years",
        "Small firms find loans easier to get as banks ease standards",
    ]),
    # capital and its returns
    (10, 12.0, [
        "Corvane Industries announces $4 billion share buyback",
        "Corvane Industries to buy back $4 billion of its shares",
        "Corvane unveils $4 bln buyback programme",
        "Board of Corvane Industries approves $4 billion share repurchase",
    ]),
    (13, 11.0, [
        "Oldmere Bank lifts return on equity target to 14 %",
        "Oldmere raises its return on equity target to 14 %",
        "Oldmere Bank raises ROE goal to 14 % and plans higher payout",
    ]),
    (19, 12.0, [
        "Tarn Petroleum halves dividend to save cash",
        "Tarn Petroleum cuts its dividend in half",
        "Dividend halved at Tarn Petroleum as cash runs short",
    ]),
    (20, 12.0, [
        "Miner Ostrava Copper takes $2.1 billion write-down",
        "Ostrava Copper writes down mines by $2.1 billion",
        "Ostrava Copper books $2.1 bln impairment on copper mines",
    ]),
    (23, 13.0, [
        "Profit margins of S&P 500 companies seen shrinking in 2025",
        "Analysts see S&P 500 profit margins shrinking next year",
        "S&P 500 margins to shrink in 2025, analysts say",
    ]),
    (27, 12.0, [
        "Quarrier Drilling cuts capex by a third, promises capital discipline",
        "Quarrier Drilling slashes capital spending by a third",
        "Driller Quarrier promises capital discipline, cuts capex by a third",
    ]),
    (30, 12.0, [
        "Zombie companies multiply as interest cover falls to a decade low",
        "More zombie firms as interest coverage hits decade low",
        "Interest cover at decade low swells ranks of zombie companies",
    ]),
    # credit and rates
    (12, 16.0, [
        "High-yield credit spreads tightest since 2007",
        "Junk bond spreads narrow to the tightest since 2007",
        "Spreads on junk bonds hit tightest level since 2007",
    ]),
    (19, 17.0, [
        "Junk bond spreads widen most in four months after Fed",
        "High-yield spreads widen by most in four months",
        "Credit spreads jump as investors flee junk bonds",
    ]),
    (26, 15.0, [
        "10-year Treasury yield climbs to 4.6 %, highest since May",
        "Treasury 10-year yield hits highest since May",
        "US 10-year yield rises to 4.6 %, a seven-month high",
    ]),
    # other news
    (9, 9.0, [
        "Ferry strike in Lisbon enters second week",
        "Lisbon ferry strike goes into its second week",
        "Second week of Lisbon ferry strike strands commuters",
    ]),
    (14, 9.0, [
        "Storm Edda cuts power to 200,000 homes in Ireland",
        "200,000 Irish homes without power after Storm Edda",
        "Storm Edda leaves 200,000 homes in Ireland without power",
    ]),
    (16, 9.0, [
        "Central bank of Norway holds rates, hints at March cut",
        "Norges Bank keeps rates on hold and hints at a cut in March",
        "Norway's central bank leaves rates unchanged",
    ]),
    (22, 10.0, [
        "Quake of magnitude 6.4 shakes Vanuatu, no deaths reported",
        "Magnitude 6.4 earthquake shakes Vanuatu",
        "Vanuatu hit by 6.4 quake; no deaths reported",
    ]),
    (28, 10.0, [
        "Minister resigns in Lima over road contracts",
        "Peru minister quits over road contracts",
        "Road contract scandal forces minister to resign in Peru",
    ]),
]  # fmt: skip

# a long event: the same matter reported over two days, in two camps of words that come together late
SAGA: list[tuple[int, float, str]] = [
    (16, 10.0, "Brightwater Foods in talks to buy rival Kestrel Snacks"),
    (16, 10.7, "Kestrel Snacks shares leap on report of approach"),
    (16, 11.5, "Brightwater Foods confirms talks to buy Kestrel Snacks"),
    (16, 13.0, "Kestrel Snacks confirms approach, shares leap 28 %"),
    (16, 15.0, "Kestrel Snacks shares leap 28 % after Brightwater Foods confirms talks to buy rival"),
    (17, 9.0, "Brightwater Foods agrees to buy Kestrel Snacks for $7.2 billion"),
    (17, 9.2, "Kestrel Snacks sold to Brightwater Foods in $7.2 billion deal"),
    (17, 9.9, "Brightwater to acquire Kestrel Snacks in $7.2 bln snack deal"),
    (18, 8.0, "Brightwater shares sag as investors question price of Kestrel Snacks deal"),
    (18, 8.6, "Investors question the $7.2 billion price that Brightwater pays for Kestrel"),
]

COMPANIES = [
    "Aldertech", "Bramley Motors", "Calder Chemicals", "Dunmore Steel", "Eastfield Rail", "Fennick Labs",
    "Garside Retail",
    "Hexham Robotics", "Inverloch Water", "Jarrow Cement", "Kirkstall Media", "Lindow Pharma", "Marlowe Airlines",
    "Norbury Games", "Oakhurst Homes", "Pendle Semiconductors", "Quayside Shipping", "Ravenna Foods", "Selby Insurance",
    "Tolland Energy",
]  # fmt: skip

FAMILIES: list[list[str]] = [
    ["{one} profit beats estimates on strong sales", "{one} beats profit estimates", "Strong sales lift {one} profit"],
    ["{one} to cut {n}00 jobs", "{one} plans to cut {n}00 jobs", "{n}00 jobs to go at {one}"],
    ["{one} to buy {two} for ${n} billion", "{one} agrees to acquire {two} in ${n} billion deal",
     "{two} sold to {one} for ${n} bln"],
    ["{one} names new chief executive", "New chief executive at {one}", "{one} picks outsider as chief executive"],
    ["{one} recalls {n}0,000 units over fire risk", "Fire risk forces {one} to recall {n}0,000 units"],
    ["{one} to start ${n} billion share buyback", "{one} announces ${n} bln buyback",
     "Share buyback of ${n} billion at {one}"],
]  # fmt: skip

COLUMNS = [
    ("Market Ledger", 7.0, "Morning briefing: five things to know on {day}"),
    ("The Daily Tape", 21.5, "Stock market today: live updates for {day}"),
    ("Harbor Wire", 6.0, "FX daily: dollar steady ahead of data, {day}"),
    ("Small Cap Letter", 12.0, "Small-cap movers of the day, {day}"),
]

ROUND_UPS = [
    "Week in review: Fed cut, market rout, and the VIX that soared",
    "What we learned this week: Powell, buybacks, regional banks",
    "Movers: Corvane Industries, Harlan Valley Bancorp, Kestrel Snacks",
    "Stocks making the biggest moves: Tarn Petroleum, Ostrava Copper, Oldmere Bank",
    "Business round-up: ferry strike, rate cut, storm",
    "Analyst calls of the day: Aldertech, Dunmore Steel, Norbury Games",
]

SINGLES = [
    "How to read a yield curve", "Ten funds for patient investors", "Town council approves a new swimming pool",
    "Return on invested capital explained", "Why small caps struggle when rates stay high",
    "Fed's Brandt to retire in spring", "Museum shows coins of the Hansa", "Coffee prices near a record",
    "Opinion: the Fed should say less", "The case for owning the Russell 2000 in 2025",
    "Ten dividend aristocrats to own", "Port of Gdansk handles more grain", "Bond funds see inflows for tenth week",
    "Choir of retired miners tours Wales", "What a circuit breaker does when markets crash",
    "Unprofitable companies raise record sums", "Housing starts slip in November", "Rail timetable changes on Sunday",
    "Rate cut odds for January slip below 10 %", "Fed balance sheet shrinks to smallest since 2020",
]  # fmt: skip

PUBLISHERS = [
    "Harbor Wire", "Market Ledger", "The Daily Tape", "Meridian Post", "Tallow Street Journal", "Copperfield News",
    "Northgate Times", "Quayside Business", "Small Cap Letter",
]  # fmt: skip

BODIES = [
    "{title}. The news came on {day}, people who follow the matter said. It was the second such step this year.",
    "Investors had waited for it since the autumn. {title}, according to a statement of {day}.",
    "A statement gave no further detail. Analysts in New York said that the effect would be seen within weeks.",
]
