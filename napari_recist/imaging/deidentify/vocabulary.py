"""The closed vocabularies: words that a kept text may hold because they name no person or place.

A word that is missing here is lost, or stands as a coded word; add it here when scans of a trial
need it. Everything is lower case.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLANES_AND_BODY = _words(
    """
    abd abdo abdomen abdominal aorta axial ax axiale bauch becken bladder body bone bones
    brain breast cap cardiac cerebral cervical chest cor coronal cspine foie gallbladder
    head heart hepar hepatic hip kidney kidneys knee leber liver lower lspine lumbar lung
    lungs mediastinum neck node nodes oblique obl orbit pancreas pelvis pelvic pelvien
    prostate rectum renal routine sag sagittal shoulder sinus skull spine spleen stomach
    tap thoracic thorax thoraco tra trans transversal transverse tspine upper uterus
    vessel vessels whole wholebody
    """
)

PHASES = _words(
    """
    arterial arterielle arteriell artérielle art early late hap portal porto portovenous
    pv pvp ven venous venoes venös veineux veineuse delay delayed equilibrium excretory
    spät spaet tardif tardive hepatobiliary hepatobil hbp nativ native unenhanced
    noncontrast contrast without with pre post plain nc wo w o plus c km gd iv oral bolus
    dyn dynamic phase phases in out opp opposed of inphase outphase outofphase min minute
    minutes
    """
)

TECHNIQUE = _words(
    """
    mr mri ct cta mra mrcp pet pt petct us t1 t2 t1w t2w t1dual t2star pd pdw dwi adc ir
    stir flair fs fatsat fat sat saturated spair spir dixon water vibe lava thrive blade
    propeller haste ssfse tse fse fast ffe tfe ge gre se ep epi trufi fiesta flash tfl
    mprage space cube dual echo echoes double multi multiphase single shot breath hold bh
    breathhold gated trigger triggered navigator resp free fov mpr mip minip recon
    reconstruction thin thick slice slices soft tissue standard std lung sharp smooth
    kernel detail edge spiral helical sequential seq scan scout survey localizer localiser
    topogram surview loc pilot planning calibration test screening follow up followup
    baseline visit week staging tumor tumour oncology trial study series image images
    volume multiframe legacy perfusion diffusion map maps subtraction sub sub1 sub2 mask
    motion corrected isotropic iso high low res resolution dose monoenergetic mono iodine
    virtual spectral dect segmentation orientation dyn1 dyn2 ax1 weighted 2d 3d 4d i31 i50
    """
)

UNITS = _words("mm cm s sec ms min ml kv kvp t hu mm² %")

DESCRIPTOR_WORDS = PLANES_AND_BODY | PHASES | TECHNIQUE
"""What a description may say, beside numbers with a unit and reconstruction kernels."""

KERNEL_WORDS = _words(
    """
    standard soft tissue bone boneplus detail edge lung chest sharp smooth ultra body
    brain head ya yb yc yd xyz gauss gaussian stnd asir veo idose idr medium hard uhr x y
    z
    """
)

AGENT_WORDS = _words(
    """
    omnipaque iohexol visipaque iodixanol ultravist iopromide isovue iopamidol iopamiro
    solutrast optiray ioversol oxilan ioxilan iomeron iomeprol imeron xenetix iobitridol
    accupaque hexabrix omniscan gadodiamide magnevist gadopentetate prohance gadoteridol
    dotarem clariscan gadoterate gadavist gadovist gadobutrol multihance gadobenate
    primovist eovist gadoxetate gadoxetic gadoxetinate gd eob dtpa vueway elucirem
    gadopiclenol telebrix gastrografin barium sulfate iodinated iodine ionic nonionic non
    contrast agent media medium applied yes no none iv oral and rectal cc ml mg mmol kg
    bolus water omni diluted dilute i g
    """
)

MAKER_WORDS = _words(
    """
    siemens healthineers healthcare ge medical systems system philips toshiba toshiba_mec
    canon hitachi fujifilm fuji shimadzu agfa agfa-gevaert carestream kodak konica minolta
    varian elekta accuray neusoft united imaging mindray samsung esaote hologic bruker
    picker elscint marconi adac cti cms pixelmed ibsi qiicr phantom napari-recist
    corporation corp inc ag gmbh ltd co of technologies technology solutions unknown
    """
)

MODEL_WORDS = _words(
    """
    somatom definition as as+ flash edge force drive sensation emotion perspective scope
    go top all now up sim open confidence volume zoom plus spirit balance naeotom alpha
    biograph truepoint vision mct horizon vereos magnetom avanto aera skyra prisma
    prismafit fit verio trio triotim tim espree symphony sonata harmony vida sola lumina
    altea amira essenza spectra sempra terra discovery lightspeed light speed revolution
    optima brightspeed hispeed apex evo frontier advance signa hdxt hdx hde excite artist
    architect pioneer premier voyager explorer brivo gsi hd ct mr pet brilliance ict iqon
    ingenuity incisive gemini access achieva dstream ingenia intera gyroscan panorama
    elition ambition aquilion one prime genesis lightning precision cxl vantage titan
    galan orian celesteion eclipse echelon oasis aperto scenaria supria optica ultra pro
    rx vct xtream 16 32 40 64 80 128 256 320 750 synthetic abdomen gold seal xt xr elite
    genius edition
    """
)

SOFTWARE_WORDS = _words(
    """
    syngo ct mr vb va xa numaris vers version v nt via gyroscan pms dicom rev revision
    """
)

SEQUENCE_WORDS = _words(
    """
    tfl fl se tse ep epse epfid epir fid me hb trufi tfi tirm ir tir h haste spc spcir
    spcr de fi ffe tfe fse fspgr spgr gre efgre lava vibe fgre ssfse ssfp propeller t1ffe
    t1tfe t2ffe ttfe b ns rr qm t r s d c p m x wc
    """
)

FILTER_WORDS = _words(
    """
    body head wedge flat filter large small medium bowtie fil none air strip copper
    aluminum
    """
)

REFERENCE_WORDS = _words("sn xy iliac crest orbital mark om ic sternal notch xiphoid")

ROUTE_WORDS = _words("iv intravenous oral po rectal ivc route injection")

RESCALE_WORDS = _words(
    """
    hu od us mgml z_eff ed edw hu_mod pct mrad normalized bqml us_mm2 mm2 s ms hz deg none
    """
)

TERMS = _words(
    """
    abdomen abdomenpelvis acquired active aldehyde amplitude angio angiography anonymized
    arm attn aveip average axial axilla backbone background bayesian beam binary biliary
    bilateral bladder block body bone bowel bqml brain breast bronchus burned calculated
    cardiac cardiorespiratory cerebrum cervix chest chestabdomen chestabdpelvis cine
    circular clavicle clinical cnts coil col collimated color column combined complete
    complex constant continuous contrast convolution corrected coronal created cspine csa
    csamean csamin csamip csampr csaparallel csaresampled csmpr ctac cylinder decy density
    derived detector diffusion diff dimension direct directional display dixon dlyd double
    dose dtim dual dynamic ear echo elbow electron ellipse elliptical emission endoscopy
    energy enhanced enface epi extremity eye face fat ffdl ffds field femur field_map
    filter filtered finger first fixed flair float foot forearm fractional frame frames
    free full gallbladder gap gated gaussian gradient grappa gspect hand head headneck
    heart helical hemi high hip histogram human humerus identity image imaginary infinite
    integrated interp interpolated inverted inverse iodine isocenter jaw kidney knee label
    landscape larynx last left leg level line linear list liver localizer log longitudinal
    low lspine lumbar lung lut magnitude manual map mask material maximum mean measured
    mediastinum medical message metabolite min minimum minip mixed mode modified modulus
    monitor mono monochromatic monochrome monoenergetic monochrome1 monochrome2 mosaic
    moco motion mouth moving mpr mprage multi multicoil multiecho multiframe multislice
    navigator neck negative neutral none nonparallel nonlinear norm normal normalized nose
    not number odd off offset ones only orbit original other out overlay packed palette
    pancreas parallel parotid partial patient pattern peak pelvis perfusion per_slice
    phase phase_map physical pixel planar plane plates polarity portrait position positive
    post pre primary probability product profile projection propeller prospective prostate
    proton quadrature quantitative radial radl random range real recon reconstructed
    rectangular rectilinear rectum reference reformatted regular relative relaxed removed
    repeat replaced research resampled rescaled respiratory resting retro retrospective
    reverse reverse_linear right rotate row sagittal sampled sat saturation scat scout
    scroll secondary segment segmentation segmented selective semiautomatic sense separate
    sequential series shared shoulder sigmoid signed single sinus skull slice smooth
    source space special spectral spectroscopy spin spine spiral spleen stacked standard
    start static stationary steady sternum stomach storage study subtraction sum surface
    survey table tetrahedral texture thigh thorax threshold thyroid time tiny toe tomo
    topogram total trace tracking transverse trigger true tspine two type uniform
    unilateral unknown unmodified unsigned upper uterus value variable vascular velocity
    venous vessel video virtual volume volumetric volrend water weighted whole wholebody
    window wrist yaw yes zero abdopelvis surgery beam emission transmission scaled
    ybr_full ybr_full_422 ybr_ict ybr_rct rgb iso_10918_1 iso_10918_2 iso_14495_1
    iso_15444_1 iso_13818_2 iso_14496_10 fc ffs hfs hfp ffp hfdr hfdl efs efp ct_som5 som5
    ct_som7 som7 mon seq spi pos rep quality good image_addition iec iec_normal
    iec_first_level iec_second_level normal_mode iec_head iec_local iec_partial_body
    iec_whole_body slice_and_freq smr_b1rms smr_borelocal per_nerve_stim db_dt frequency
    orthogonal readout flow compensation phase_encode echo_planar sharp soft in_phase
    opp_phase out_phase normalization tse ffe tfe se ir gr ep rm m_ffe m_se m_ir m_tse
    p_ffe r_ffe i_ffe b0 adc_unspecified averaged asl cbf cbv mtt ttp tensor fa_map
    b_value isotropic directional none_directional dis2d dis3d mfsplit distortion
    water_fat brilliance gammacor propslc prop spatial temporal inphase opposed stir
    compressed imagery plaintext sequence set ecg pulse blue green red intensity decay
    none_gated nearest thoracic rtdose rtplan rtimage rtstruct rtrecord seg presentation
    plan lossy lossless quantity spectrum truncated filled single_shot segmented_k
    partial_fourier halffourier screen save dose_info report average ip
    """
)
"""Words of coded values (VR CS): defined terms of DICOM and what makers add to Image Type."""
